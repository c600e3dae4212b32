/* The editor of a standard: sums, and what is wrong with the limits, while somebody types. Needs teamhub.js. */
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

  // What the server will refuse, said while somebody types; "" when all is well.
  const figure = (text) => Number(text.normalize("NFKC").replaceAll(",", "").trim() || NaN);
  const texts = (form, start) => $$(`input[name^='${start}']`, form).map((field) => field.value.trim());
  const falls = (numbers) => numbers.every((number, index) => number > 0 && (!index || number < numbers[index - 1]));
  const falling = (form, start) => falls(texts(form, start).filter(Boolean).map(figure));
  const steps = (form) => form.querySelector("[name=rank_points]").value.normalize("NFKC").split("\n")
    .filter((row) => row.trim()).map((row) => row.split("|").map(figure));
  const capped = (form) => form.querySelector("[name=veto_effect]").value === "cap";
  const cap = (form) => form.querySelector("[name=veto_cap]");
  const RULES = {
    grades: (form) => (falling(form, "least-") ? "" : "各等级的最低分要从高到低，不能相同。"),
    stars: (form) => (falling(form, "star-") ? "" : "星级越高最低分要越高，不能相同。"),
    cap: (form) => (!capped(form) || texts(form, "grade-").filter(Boolean).slice(1).includes(cap(form).value.trim())
      ? "" : "否决后最高等级要是等级线里的一个，要比最高一等低。"),
    ranks: (form) => {
      const rows = steps(form), ratios = rows.map(([, ratio]) => ratio);
      if (rows.some((row) => row.length !== 2 || row.some(Number.isNaN))) return "每行要写成“到第几名｜折算”，例如“3｜1”。";
      if (rows.some(([rank], index) => rank < 1 || (index && rank <= rows[index - 1][0]))) return "名次要一档比一档大。";
      return ratios.some((ratio, index) => index && ratio > ratios[index - 1]) ? "名次靠后的，折算不能比靠前的高。" : "";
    },
  };
  const judge = (form) => {
    cap(form).closest(".standard-field").hidden = !capped(form);
    $$("[data-live]", form).forEach((note) => { note.textContent = RULES[note.dataset.live](form); });
  };

  const sumUp = (form) => {
    $$(".standard-chapter", form).forEach((chapter) => { chapter.querySelector("[data-sum]").textContent = told(figures(chapter)); });
    document.querySelector("[data-total]").textContent = `合计 ${told(figures(form))}`;
    judge(form);
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
