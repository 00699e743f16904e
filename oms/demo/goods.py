"""What the demo shop sells: outdoor and harbour gear, about sixty products."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Goods:
    """One product: its variants by name, price in euros, weight in grams, and how well it sells."""

    code: str
    name: str
    category: str
    euros: int
    weight_g: int
    variants: tuple[str, ...] = ("",)
    pull: int = 3
    can_backorder: bool = False


COST_SHARE = Decimal("0.45")  # of the selling price: what the shop pays

SIZES = ("S", "M", "L", "XL")
SHOES = ("38", "40", "42", "44")
COLOURS = ("Navy", "Sand", "Moss")

GOODS = (
    Goods("RJ", "Harbour rain jacket", "Jackets", 149, 780, SIZES, 8),
    Goods("WJ", "Winter deck parka", "Jackets", 269, 1450, SIZES, 5),
    Goods("FJ", "Fleece jacket", "Jackets", 89, 520, SIZES, 6),
    Goods("SV", "Softshell vest", "Jackets", 79, 380, SIZES, 4),
    Goods("WS", "Wool sailor sweater", "Knitwear", 119, 640, SIZES, 7),
    Goods("CC", "Cotton crew sweater", "Knitwear", 69, 450, SIZES, 5),
    Goods("KB", "Knitted beanie", "Accessories", 25, 90, COLOURS, 9),
    Goods("WG", "Wool gloves", "Accessories", 32, 110, ("S", "M", "L"), 5),
    Goods("SC", "Merino scarf", "Accessories", 45, 150, COLOURS, 4),
    Goods("CP", "Waxed cap", "Accessories", 35, 120, COLOURS, 5),
    Goods("BT", "Breton shirt", "Shirts", 49, 260, SIZES, 9),
    Goods("OX", "Oxford shirt", "Shirts", 65, 300, SIZES, 4),
    Goods("TS", "Heavy cotton T-shirt", "Shirts", 29, 220, SIZES, 10),
    Goods("PO", "Piqué polo", "Shirts", 45, 250, SIZES, 5),
    Goods("CH", "Canvas chinos", "Trousers", 85, 560, ("30", "32", "34", "36"), 5),
    Goods("RT", "Rain trousers", "Trousers", 75, 410, SIZES, 4),
    Goods("SH", "Sailing shorts", "Trousers", 55, 310, SIZES, 4),
    Goods("DB", "Deck boots", "Shoes", 129, 1600, SHOES, 6),
    Goods("CS", "Canvas shoes", "Shoes", 59, 780, SHOES, 7),
    Goods("RB", "Rubber boots", "Shoes", 69, 1900, SHOES, 5),
    Goods("LS", "Leather sandals", "Shoes", 75, 620, SHOES, 3),
    Goods("WSK", "Wool socks, pair", "Accessories", 16, 95, ("36–40", "41–45"), 10),
    Goods("BE", "Rope belt", "Accessories", 28, 140),
    Goods("SB", "Sail bag 40 l", "Bags", 95, 900, COLOURS, 6),
    Goods("DP", "Dry pack 20 l", "Bags", 59, 520, COLOURS, 6),
    Goods("TB", "Tote of sailcloth", "Bags", 39, 310, COLOURS, 7),
    Goods("WB", "Wash bag", "Bags", 35, 180),
    Goods("LC", "Laptop case", "Bags", 49, 260),
    Goods("MG", "Enamel mug", "Galley", 14, 210, ("White", "Navy"), 10),
    Goods("EP", "Enamel plate", "Galley", 16, 320, ("White", "Navy"), 5),
    Goods("CK", "Camp kettle 1 l", "Galley", 38, 450),
    Goods("TF", "Thermos flask 0.75 l", "Galley", 42, 520, COLOURS, 7),
    Goods("KN", "Rigging knife", "Tools", 48, 160, pull=5),
    Goods("MT", "Marlinspike", "Tools", 22, 130),
    Goods("HL", "Head lamp", "Tools", 39, 85, pull=6),
    Goods("LN", "Storm lantern", "Tools", 34, 880, pull=4),
    Goods("CMP", "Hand compass", "Tools", 58, 140),
    Goods("BN", "Binoculars 7×50", "Tools", 249, 980, pull=2),
    Goods("RP", "Braided rope 10 m", "Tools", 24, 700, ("8 mm", "10 mm"), 4),
    Goods("CL", "Carabiner set", "Tools", 19, 240, pull=5),
    Goods("TW", "Tarred twine", "Tools", 9, 120),
    Goods("BL", "Wool blanket", "Home", 129, 1800, COLOURS, 4),
    Goods("CU", "Cushion cover", "Home", 32, 220, COLOURS, 3),
    Goods("DM", "Door mat of rope", "Home", 55, 2400, pull=2),
    Goods("CD", "Candle in a tin", "Home", 18, 300, ("Salt", "Cedar", "Smoke"), 6),
    Goods("SO", "Tar soap", "Home", 8, 110, pull=8),
    Goods("PC", "Sea chart print", "Home", 45, 350, ("North Sea", "Baltic"), 3),
    Goods("BK", "Book of knots", "Books", 26, 540, pull=5),
    Goods("LB", "Log book", "Books", 22, 420, pull=4),
    Goods("PL", "Pencil set", "Books", 12, 90),
    Goods("TWL", "Travel towel", "Bath", 27, 230, COLOURS, 6),
    Goods("RBE", "Robe of waffle cotton", "Bath", 85, 950, ("M", "L"), 2),
    Goods("SN", "Sun cream 30", "Bath", 17, 160, pull=5),
    Goods("LBL", "Lip balm", "Bath", 6, 25, pull=8),
    Goods("DGC", "Dog collar of rope", "Home", 24, 110, ("S", "M", "L"), 3),
    Goods("WHI", "Brass whistle", "Tools", 15, 45, pull=3),
    Goods("TNT", "Two-person tent", "Tools", 289, 3100, pull=2, can_backorder=True),
    Goods("SLB", "Sleeping bag", "Tools", 159, 1500, pull=3, can_backorder=True),
    Goods("MAT", "Sleeping mat", "Tools", 69, 620, pull=3, can_backorder=True),
    Goods("STV", "Spirit stove", "Galley", 64, 410, pull=3, can_backorder=True),
)
