/** Lets the reader choose between light, dark and what the system says. The choice stays in this browser. */
export function chooseTheme(select) {
  select.value = document.documentElement.dataset.theme;
  select.addEventListener('change', () => {
    localStorage.setItem('theme', select.value);
    document.documentElement.dataset.theme = select.value;
  });
}
