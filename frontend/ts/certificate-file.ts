// A certificate out of a chosen file, for a field that takes it as text. A key file's private half never leaves the page.

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/;
const LARGEST = 65_536;

/** The certificate in a PEM, DER or key file, as PEM; "" when there is none. */
export function certificateIn(content: Uint8Array): string {
  const found = PEM.exec(new TextDecoder().decode(content));
  if (found) return `${found[0]}\n`;
  if (content[0] !== 0x30 || content[1] !== 0x82) return ""; // DER: a SEQUENCE of 256 to 65,535 bytes
  const lines = btoa(String.fromCharCode(...content)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** `<input type="file" data-certificate-into="id of a textarea">`, without a name: the file itself is never sent. */
export function startCertificateFiles(): void {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset["certificateInto"]) return;
    const file = input.files?.[0];
    const into = document.getElementById(input.dataset["certificateInto"]);
    const problem = input.parentElement?.querySelector<HTMLElement>("[data-certificate-error]");
    if (!file || !(into instanceof HTMLTextAreaElement)) return;
    void file.slice(0, LARGEST).arrayBuffer().then((content) => {
      const found = certificateIn(new Uint8Array(content));
      into.value = found;
      if (problem) problem.hidden = found !== "";
    });
  });
}
