/* Beside the button: how many of those offered are ticked and how many are not, or what the ticked come to, as one ticks. */
(() => {
  "use strict";
  // A note names its boxes by a selector; a <b data-sum> in it holds what the ticked ones add up to, in yuan.
  const count = (note) => {
    const boxes = Array.from(note.closest("form").querySelectorAll(note.dataset.ticked));
    const ticked = boxes.filter((box) => box.checked);
    const sum = ticked.reduce((total, box) => total + Number(box.dataset.fen), 0) / 100;
    const yuan = sum.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const said = [ticked.length, boxes.length - ticked.length];
    note.querySelectorAll("b").forEach((figure, index) => { figure.textContent = "sum" in figure.dataset ? yuan : said[index]; });
  };
  const countAll = () => document.querySelectorAll("[data-ticked]").forEach(count);
  document.addEventListener("change", countAll);
  // After the page has brought back what was typed before.
  window.addEventListener("load", countAll);
})();
