/* Beside the button: how many of those offered are ticked, as one ticks. */
(() => {
  "use strict";
  const count = (note) => {
    const boxes = Array.from(note.closest("form").elements).filter((box) => box.name === note.dataset.ticked);
    const ticked = boxes.filter((box) => box.checked).length;
    note.querySelectorAll("b").forEach((figure, index) => { figure.textContent = index ? boxes.length - ticked : ticked; });
  };
  const countAll = () => document.querySelectorAll("[data-ticked]").forEach(count);
  document.addEventListener("change", countAll);
  // After the page has brought back what was typed before.
  window.addEventListener("load", countAll);
})();
