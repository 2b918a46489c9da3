// Before the first paint, hence no module: a page that is first light and then dark dazzles.
document.documentElement.dataset.theme = localStorage.getItem('theme') ?? 'system';
