/* The table of pools: what an amount comes to for one person, how it compares with the month before, and the sum.
   Figures beside the rows are in hundredths (people) and fen; the server computes them again from what is sent. */
(() => {
  "use strict";
  const { $$ } = window.teamhub;
  const fenOf = (text) => Math.round(Number(text.normalize("NFKC").replaceAll(",", "")) * 100) || 0;
  const yuan = (fen) => (fen / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const percent = (now, before) => {
    const change = ((now - before) / before) * 100;
    const sign = change > 0 ? "+" : change < 0 ? "−" : "";
    return `${sign}${Number(Math.abs(change).toFixed(2))}%`;
  };
  const refresh = (row) => {
    const fen = fenOf(row.querySelector("input.num").value), heads = Number(row.dataset.heads), before = Number(row.dataset.before);
    row.querySelector("[data-per-head]").textContent = fen && heads ? yuan(Math.round((fen * 100) / heads)) : "—";
    const change = row.querySelector("[data-change]");
    change.textContent = fen && before ? percent(fen, before) : "—";
    change.className = `num ${!fen || !before || fen === before ? "" : fen > before ? "plus" : "minus"}`;
  };
  document.addEventListener("input", ({ target }) => {
    const table = target.closest("table[data-pools]");
    if (!table || !target.matches("input.num")) return;
    refresh(target.closest("tr"));
    table.querySelector("[data-sum]").textContent = yuan($$("tbody input.num", table).reduce((sum, field) => sum + fenOf(field.value), 0));
  });
})();
