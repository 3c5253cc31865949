// Reads the codes of letters with the device's camera: by the browser's own reader, else by jsQR, loaded only then.
const EVERY_MS = 200;
const AGAIN_MS = 5000;
const WIDTH = 640;
const CODE = /(\d{8})\/?$/;

export function readCodes(box, button, found, onFault) {
  const video = box.querySelector("video");
  const canvas = document.createElement("canvas");
  let timer = 0;
  let last = { code: "", at: 0 };

  async function reader() {
    if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await detector.detect(video))[0]?.rawValue;
    }
    const { default: jsQR } = await import("jsqr");
    return async () => {
      const scale = Math.min(1, WIDTH / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const seen = context.getImageData(0, 0, canvas.width, canvas.height);
      return jsQR(seen.data, seen.width, seen.height, { inversionAttempts: "dontInvert" })?.data;
    };
  }

  async function open() {
    try {
      const read = await reader();
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      await video.play();
      box.hidden = false;
      button.hidden = true;
      timer = setInterval(() => look(read), EVERY_MS);
    } catch {
      close();
      onFault();
    }
  }

  async function look(read) {
    if (!video.videoWidth) return;
    const code = CODE.exec((await read()) ?? "")?.[1];
    if (!code || (code === last.code && Date.now() - last.at < AGAIN_MS)) return;
    last = { code, at: Date.now() };
    navigator.vibrate?.(80);
    found(code);
  }

  function close() {
    clearInterval(timer);
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    box.hidden = true;
    button.hidden = false;
  }

  button.addEventListener("click", open);
  box.querySelector("button").addEventListener("click", close);
  return {
    // Fetched while there is a network, so that it is there without one.
    offer() {
      button.hidden = !navigator.mediaDevices?.getUserMedia;
      if (!button.hidden) reader();
    },
  };
}
