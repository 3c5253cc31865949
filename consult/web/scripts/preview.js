// The preview follows the editor: whenever something is saved in another tab, both frames are loaded anew.
const frames = document.querySelector("[data-frames]");
if (frames) {
  new BroadcastChannel(`consult-editor ${frames.dataset.frames}`).addEventListener("message", () => {
    for (const frame of frames.querySelectorAll("iframe")) frame.contentWindow.location.reload();
  });
}
