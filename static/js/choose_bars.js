// The button that lets one choose bars on the staff, the line that says which, and the field they stand in.
import { BarPicker, saidBars } from "./bar_picker.js";

/** Wires what `root` has of it; null where bars cannot be chosen. */
export function chooseBars(root, sheet) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const [field, opener, line, says, end] = ["bars-field", "choose-bars", "chosen", "chosen-says", "chosen-end"].map(part);
  if (!field || !opener || !line) return null;
  const picker = new BarPicker(sheet, field);
  const show = () => {
    says.textContent = saidBars(picker.chosen);
    line.hidden = !picker.isOpen;
    opener.setAttribute("aria-pressed", String(picker.isOpen));
  };
  const close = (focus) => {
    picker.open(false);
    show();
    focus?.focus();
  };
  opener.hidden = false;
  opener.addEventListener("click", () => {
    picker.open(!picker.isOpen);
    show();
    if (!picker.isOpen) return;
    sheet.scrollIntoView({ block: "nearest" });
    picker.focus();
  });
  end.addEventListener("click", () => close(opener));
  picker.addEventListener("chosen", show);
  picker.addEventListener("over", ({ detail }) => close(detail === "Enter" ? part("chosen-go") ?? opener : opener));
  show();
  return picker;
}
