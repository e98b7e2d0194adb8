/* What makes pages nicer, and is never needed: where something was refused, the reader is taken there; and a form is sent once. */
const error = document.getElementById("error");
if (error) {
  document.title = error.querySelector("h2").textContent + " – " + document.title;
  const fault = document.querySelector("[aria-invalid]");
  const details = fault && fault.closest("details");
  if (details) details.open = true;
  error.focus();
}
for (const form of document.querySelectorAll("form"))
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form")) delete form.dataset.sent;
});
