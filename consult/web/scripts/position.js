// Fills in where the device is, when somebody asks for it. Nothing leaves the page before the form is sent.
for (const block of document.querySelectorAll("[data-position]")) {
  const button = block.querySelector("[data-position-ask]");
  if (button && navigator.geolocation) offer(block, button);
}

function offer(block, button) {
  const said = block.querySelector("[data-position-said]");
  const field = (axis) => document.getElementById(`${block.dataset.position}.${axis}`);
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = said.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const axis of ["latitude", "longitude"]) field(axis).value = coords[axis].toFixed(4);
        field("latitude").dispatchEvent(new Event("change", { bubbles: true }));
        said.textContent = said.dataset.found;
      },
      () => {
        said.textContent = said.dataset.failed;
      },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  });
}
