// Small choices remembered on this device; silently forgotten where storage is blocked.
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice holds for this page only.
  }
}
