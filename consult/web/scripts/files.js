// Says at once that a file is too large, before a slow network has carried it in vain. The server checks again.
for (const field of document.querySelectorAll("input[type=file][data-most]")) {
  const words = document.getElementById(`${field.id}-large`);
  const check = () => {
    const isLarge = [...field.files].some((file) => file.size > Number(field.dataset.most));
    words.textContent = isLarge ? words.dataset.words : "";
    words.hidden = !isLarge;
    words.className = "govuk-error-message";
    field.classList.toggle("govuk-file-upload--error", isLarge);
    if (isLarge) field.value = "";
  };
  field.addEventListener("change", check);
  if (field.files.length) check();
}
