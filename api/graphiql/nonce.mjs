// The style elements that dialogs add to the page get what the page's policy lets pass; read by the package get-nonce.
globalThis.__webpack_nonce__ = document.querySelector('script[nonce]').nonce;
