/* Entering an expense: quantity × price as the amount while somebody types, and the receiver only where there is one.
   The server computes and checks the same. Needs teamhub.js. */
(() => {
  "use strict";
  const form = document.getElementById("expense-form"), amount = document.getElementById("expense-amount");
  const text = (name) => form.elements[name].value.normalize("NFKC").replaceAll(",", "").trim();
  const hundredths = (name) => (/^\d+(\.\d{0,2})?$|^\.\d{1,2}$/.test(text(name)) ? Math.round(Number(text(name)) * 100) : NaN);
  const told = (fen) => (Number.isSafeInteger(fen) ? (fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 }) : "—");

  const show = () => {
    amount.textContent = told(Math.floor((hundredths("quantity") * hundredths("unit_price") + 50) / 100));
    const personal = text("purse") === "reserve" && ["award", "comfort"].includes(text("subject"));
    document.getElementById("expense-receiver").hidden = !personal;
    if (!personal) form.elements.paid_to.value = "";
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
})();
