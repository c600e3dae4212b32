/* The editor of a standard: sums of every chapter and of the whole while somebody types. Needs teamhub.js. */
(() => {
  "use strict";
  const { $$, changed, onArrange } = window.teamhub;

  const hundredths = (field) => Math.round((Number(field.value.normalize("NFKC").replaceAll(",", "")) || 0) * 100);
  const figures = (root) => {
    const sums = { base: 0, award: 0, count: 0 };
    $$(".standard-line", root).forEach((line) => {
      const award = line.querySelector("select[name$='-method']").value === "award";
      sums[award ? "award" : "base"] += hundredths(line.querySelector("input[name$='-points']"));
      sums.count += 1;
    });
    return sums;
  };
  const told = ({ base, award, count }) =>
    `${count} 条，${base / 100} 分${award ? `，另可加 ${award / 100} 分` : ""}`;

  const sumUp = (form) => {
    $$(".standard-chapter", form).forEach((chapter) => { chapter.querySelector("[data-sum]").textContent = told(figures(chapter)); });
    document.querySelector("[data-total]").textContent = `合计 ${told(figures(form))}`;
  };
  ["input", "change"].forEach((name) => document.addEventListener(name, ({ target }) => {
    const form = target.closest?.(".standard-editor");
    if (form) sumUp(form);
  }));
  onArrange((root) => {
    $$(".standard-editor", root).forEach((form) => {
      sumUp(form);
      if (form.hasAttribute("data-unsaved")) changed(form.querySelector("input[name=awards_cap]"));
    });
  });
})();
