"""`python -m astrai_slides`."""

from astrai_slides.cli import main

if __name__ == "__main__":
    main(prog_name="astrai-slides")
