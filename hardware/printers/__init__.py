"""Receipt printers: Chinese text in cells, ESC/POS bytes, status answers, jobs that are confirmed."""
