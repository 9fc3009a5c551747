// Posts fields to one of our own addresses, with the page's token.
export function token() {
  return document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? "";
}

export async function post(url, fields, { signal } = {}) {
  return fetch(url, {
    method: "POST",
    body: fields,
    signal,
    credentials: "same-origin",
    headers: { "X-CSRFToken": token(), Accept: "application/json" },
  });
}
