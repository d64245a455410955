"""What becomes of a photograph before somebody asks with it: cut, turned, saved again, framed, seen on a phone."""

from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

Change = Callable[[Image.Image, Random], Image.Image]


def saved_again(picture: Image.Image, quality: int) -> Image.Image:
    """As a JPEG of this quality shows it."""
    file = BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def cropped(picture: Image.Image, share: float, dice: Random) -> Image.Image:
    """A part of so much of its area, anywhere in it."""
    width, height = (round(side * share**0.5) for side in picture.size)
    left, top = dice.randint(0, picture.width - width), dice.randint(0, picture.height - height)
    return picture.crop((left, top, left + width, top + height))


def resized(picture: Image.Image, scale: float) -> Image.Image:
    """Larger or smaller."""
    return picture.resize((round(picture.width * scale), round(picture.height * scale)))


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    """Held a little askew, white where nothing is."""
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def framed(picture: Image.Image) -> Image.Image:
    """With a white frame and the words of a shop around and over it."""
    around = ImageOps.expand(picture, int(0.12 * max(picture.size)), "white")
    draw = ImageDraw.Draw(around)
    draw.text((20, 10), "SALE 50% best shop", fill="red", font_size=60)
    draw.text((around.width // 3, around.height // 2), "shop.example", fill="white", font_size=48)
    return around


def badged(picture: Image.Image) -> Image.Image:
    """In the bands of a shop that puts them on every picture: its name above, what it promises below, a badge."""
    around = ImageOps.expand(picture, (0, int(0.1 * picture.height)), "#b3261e")
    draw, width, height = ImageDraw.Draw(around), *around.size
    draw.text((width * 0.05, height * 0.01), "Best House Flagship Shop", fill="white", font_size=int(height * 0.05))
    draw.text(
        (width * 0.03, height * 0.93), "48 h dispatch  7 days to return", fill="yellow", font_size=int(height * 0.045)
    )
    draw.ellipse((width * 0.74, height * 0.12, width * 0.96, height * 0.12 + width * 0.22), fill="#ffb300")
    draw.text((width * 0.77, height * 0.12 + width * 0.07), "SALE 50%", fill="#b3261e", font_size=int(width * 0.04))
    return around


def watermarked(picture: Image.Image) -> Image.Image:
    """With the words of somebody else's shop all over it, half transparent."""
    over = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(over)
    for row, top in enumerate(range(0, picture.height, 150)):
        for left in range(-120 * (row % 2), picture.width, 380):
            draw.text((left, top), "shop.example", fill=(255, 255, 255, 110), font_size=44)
    return Image.alpha_composite(picture.convert("RGBA"), over.rotate(20)).convert("RGB")


def through_a_chat(picture: Image.Image) -> Image.Image:
    """As it arrives after being sent on: 480 px at most, saved poorly."""
    return saved_again(resized(picture, 480 / max(picture.size)), 40)


def on_a_phone(picture: Image.Image) -> Image.Image:
    """A screenshot of a page of goods with the picture on top."""
    screen = Image.new("RGB", (1080, 2340), "white")
    screen.paste(resized(picture, 1080 / picture.width).crop((0, 0, 1080, 1400)), (0, 160))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 1500, 1080, 2340), fill="white")
    draw.text((40, 40), "10:24   5G  82%", fill="black", font_size=48)
    for line in range(8):
        draw.text((40, 1600 + line * 80), f"Factory price 128.00 buy now, {line} sold", fill="black", font_size=44)
    return screen


CHANGES: dict[str, Change] = {
    "saved again, quality 40": lambda picture, _dice: saved_again(picture, 40),
    "cropped to 75 %": lambda picture, dice: cropped(picture, 0.75, dice),
    "cropped to 50 %": lambda picture, dice: cropped(picture, 0.5, dice),
    "cropped to 30 %": lambda picture, dice: cropped(picture, 0.3, dice),
    "cropped to 25 %": lambda picture, dice: cropped(picture, 0.25, dice),
    "480 px, quality 40": lambda picture, _dice: through_a_chat(picture),
    "half as large": lambda picture, _dice: resized(picture, 0.5),
    "twice as large": lambda picture, _dice: resized(picture, 2),
    "turned up to 15°": lambda picture, dice: turned(picture, dice.uniform(-15, 15)),
    "darker or brighter": lambda picture, dice: ImageEnhance.Brightness(picture).enhance(dice.choice((0.6, 1.4))),
    "watermarked": lambda picture, _dice: watermarked(picture),
    "framed, with words": lambda picture, _dice: framed(picture),
    "on a phone's screen": lambda picture, _dice: on_a_phone(picture),
    "in a mirror": lambda picture, _dice: ImageOps.mirror(picture),
}
