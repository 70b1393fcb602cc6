### Printed papers and the public page about them.

papers-how-to-print = Print this page on A4 at 100 %, without the browser’s own header and footer.
