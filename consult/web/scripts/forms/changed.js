// Whether a form says something else than when it came: scripts may arrive after the first words were typed.
export function isChanged(form) {
  return [...form.elements].some((field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.type === "select-one") {
      const was = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(was, 0);
    }
    if (field.type === "select-multiple") return [...field.options].some((one) => one.selected !== one.defaultSelected);
    return field.type !== "hidden" && field.type !== "file" && "defaultValue" in field && field.value !== field.defaultValue;
  });
}
