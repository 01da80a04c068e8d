"""Orders as people write them, and what is no order, with the truth known; English, German, Spanish, French."""

from __future__ import annotations

from typing import NamedTuple

HARLAN = "Dana Whitfield <dana.whitfield@harlanfab.example>"
REDWOOD = "Priya Nair <priya.nair@redwoodconveyor.example>"
LAKESIDE = "Gail Sorensen <gail@lakesidesupply.example>"
MUELLER = "Sabine Kurz <s.kurz@mueller-maschinenbau.example>"
LEVANTE = "Carmen Ibáñez <carmen.ibanez@suministroslevante.example>"
RHONE = "Lucie Morel <l.morel@rhone-mecanique.example>"
BAJIO = "Alejandro Rentería <a.renteria@ferrebajio.example>"


class Mail(NamedTuple):
    """A mail and its truth. `lines` ('SKU quantity unit', '|' between equal ways to say it, ';' between lines) is
    what a booking of it must hold; empty: it must not be booked. `books`: it must not need a person."""

    sender: str
    subject: str
    text: str
    lines: str = ""
    books: bool = False
    ship_to: str | None = None
    day: str | None = None
    line_days: tuple[str, ...] = ()
    intent: str | None = None


# fmt: off
MAILS: tuple[Mail, ...] = (
    Mail(LAKESIDE, 'order', 'hi, pls send 40 rolls TAP-70110 and 80 rolls TAP-70210. thx Gail', lines='TAP-70110 40 RL;TAP-70210 80 RL', books=True),
    Mail(HARLAN, 'PO HF-26-0401', 'Please ship:\n\n450 ea FST-10120\n400 ea FST-10310\n10 rolls CLN-80210\n\nNeed by March 20.\n\nDana Whitfield\nSenior Buyer\n2200 Matzinger Road, Toledo, OH 43612\n(419) 555-0111', lines='FST-10120 450 EA;FST-10310 400 EA;CLN-80210 10 RL', books=True, ship_to='TOL', day='2026-03-20'),
    Mail(HARLAN, 'PO HF-26-0402', 'Please enter the following order for our Fort Wayne plant, PO HF-26-0402:\n- 30 ea SAF-50210\n- 6 ea TOL-40311\n\nThanks\nDana', lines='SAF-50210 30 EA;TOL-40311 6 EA', books=True, ship_to='FTW'),
    Mail(REDWOOD, 'PO RC-77600', 'PO RC-77600\nShip to:\nRedwood Conveyor Systems\nReno service depot\n75 Coney Island Drive\nSparks, NV 89431\n\n40 ea BRG-20410\n30 ea SEA-30110\nDelivery date: 03/20/2026', lines='BRG-20410 40 EA;SEA-30110 30 EA', books=True, ship_to='RENO', day='2026-03-20'),
    Mail(REDWOOD, 'PO RC-77601', 'Hi, please deliver 40 x BRG-20410 to our Reno depot by March 18. PO RC-77601.\nRegards Priya', lines='BRG-20410 40 EA', books=True, ship_to='RENO', day='2026-03-18'),
    Mail(LAKESIDE, 'counter order', 'Please send 24 RL of LK-DUCT-S and 60 rl LK-TEF12', lines='TAP-70110 24 RL;TAP-70210 60 RL', books=True),
    Mail(REDWOOD, 'RC-77610', 'PO number RC-77610\n\n1) 0459-2041   60 ea\n2) 0459-2051   50 ea\n3) 0650-2547   40 ea\n\nPlease confirm by Friday.', lines='BRG-20410 60 EA;BRG-20510 50 EA;SEA-30110 40 EA', books=True, day=''),
    Mail(HARLAN, 'Re: pricing', 'Thanks for your quote, prices are fine. Please proceed with 20 ea BRG-20510 and 10 ea BRG-21010, PO HF-26-0404.\n\nDana', lines='BRG-20510 20 EA;BRG-21010 10 EA', books=True),
    Mail(LAKESIDE, 'order', 'pls send 40 x TAP-70110, as well as 6 x TOL-40310.', lines='TAP-70110 40 RL|TAP-70110 40 -;TOL-40310 6 EA', books=True),
    Mail(LAKESIDE, 'order', '40 rolls TAP-70110\n\nThis e-mail and its 2 attachments are confidential. If you are one of the 3 intended recipients, reply within 5 days. Registered office 940 Skokie Highway, Lake Bluff, IL 60044. Company no 10 20 30.', lines='TAP-70110 40 RL', books=True),
    Mail(LAKESIDE, 'order', 'Hi Tom,\nneed the following by 3/20/26:\n40 rolls tap-70110\n5 tol-40310\nthanks! Gail 847-555-0134', lines='TAP-70110 40 RL;TOL-40310 5 EA|TOL-40310 5 -', day='2026-03-20'),
    Mail(HARLAN, 'PO HF-26-0420', 'PO HF-26-0420\nShip to: Fort Wayne plant, 815 Bueter Road, Fort Wayne, IN 46803. Bill to: 2200 Matzinger Road, Toledo, OH 43612.\n\n20 ea BRG-20510\n', lines='BRG-20510 20 EA', books=True, ship_to='FTW'),
    Mail(HARLAN, 'PO HF-26-0421', 'PO HF-26-0421\nBill To\tShip To\nHarlan Fabrication Inc.\tHarlan Fabrication Fort Wayne\n2200 Matzinger Road\t815 Bueter Road\nToledo, OH 43612\tFort Wayne, IN 46803\n\n20 ea BRG-20510', lines='BRG-20510 20 EA', books=True, ship_to='FTW'),
    Mail(HARLAN, 'PO HF-26-0422', 'PO HF-26-0422\n20 ea BRG-20510\n\nDeliver to:\n\nsee attached map'),
    Mail(HARLAN, 'PO HF-26-0423', 'PO HF-26-0423\n20 ea BRG-20510\nRequested delivery: when the crew is back'),
    Mail(LAKESIDE, 'order', 'Please send about 40 rolls TAP-70110'),
    Mail(LAKESIDE, 'order', 'We need 10-15 ea TOL-40310, whatever you have.'),
    Mail(LAKESIDE, 'order', 'Send up to 50 TAP-70110 rolls'),
    Mail(LAKESIDE, 'order', 'Please send either 40 rolls TAP-70110 or 40 rolls TAP-70111, whichever is in stock.'),
    Mail(HARLAN, 'PO HF-26-0430', 'PO HF-26-0430. If the price is below 6 USD then 100 ea BRG-20510, otherwise 50.'),
    Mail(HARLAN, 'price check', 'Price check please: 40 x BRG-20510, 20 x BRG-21010', intent='quote_request'),
    Mail(HARLAN, 'delivery HF-26-0300', 'We received your delivery for PO HF-26-0300. 40 x BRG-20510 were ordered but only 38 arrived. 2 ea are missing. Please advise.'),
    Mail(LAKESIDE, 'cancel', 'Please cancel line 3 of our order 4599 (40 rolls TAP-70110)'),
    Mail(LAKESIDE, 'Invoice 2291', 'Please find attached our invoice no. 2291\n\nItem Qty Price\nTAP-70110 40 5.80\nTotal 232.00'),
    Mail(LAKESIDE, 'order', 'Please send 100 rolls TAP-70110, half now and half in April.'),
    Mail(HARLAN, 'PO HF-26-0431', 'PO HF-26-0431. 100 ea BRG-20510: 60 on March 16 and 40 on March 30.', lines='BRG-20510 100 EA'),
    Mail(LAKESIDE, 'order', 'Please send 40 rolls TAP-70110 by Friday and 5 ea TOL-40310 by March 20.', lines='TAP-70110 40 RL;TOL-40310 5 EA', line_days=('2026-03-06', '2026-03-20')),
    Mail(LAKESIDE, 'order', 'Please send a few rolls of TAP-70110'),
    Mail(LAKESIDE, 'order', 'Provisional order: 40 rolls TAP-70110, subject to approval by Rick.'),
    Mail(LAKESIDE, 'order', 'TAP-70110 qty 40 or 50'),
    Mail(LAKESIDE, 'order', 'Do you have 40 rolls TAP-70110 in stock?'),
    Mail(LAKESIDE, 'order', 'Please do not send any more TAP-70110. We still have 40 rolls.'),
    Mail(LAKESIDE, 'returns', 'We want to return 5 ea TOL-40310, wrong size.'),
    Mail(LAKESIDE, 'order', '40 rolls TAP-70110 a month please, until further notice'),
    Mail(LAKESIDE, 'order', '1.000 rolls TAP-70110'),
    Mail(HARLAN, 'FW: stock', 'Please order the below on PO HF-26-0450.\n\n20 ea BRG-20510\n\n-----Original Message-----\nFrom: Joe <joe@harlanfab.example>\nSent: 26 February 2026 16:48\nTo: Dana\nSubject: stock\n\nDana, we need 30 ea BRG-20510 and 5 ea BRG-21010\n'),
    Mail(LAKESIDE, 'Order', '40 TAP-70110 rolls, 40 mm wide one not the 48 mm'),
    Mail(LAKESIDE, 'Order', 'forty rolls of TAP-70110 and twenty-five TAP-70210 rolls', lines='TAP-70110 40 RL;TAP-70210 25 RL'),
    Mail(LAKESIDE, 'Order', 'Please send 40 rolls TAP-70110.\n\nRegards,\nGail\n\nPS: make that 60 rolls.', lines='TAP-70110 60 RL'),
    Mail(HARLAN, 'PO HF-26-0500', 'PO HF-26-0500\n20 ea BRG-20510\n\nThese go to Fort Wayne this time.', lines='BRG-20510 20 EA', ship_to='FTW'),
    Mail(HARLAN, 'PO HF-26-0503', 'PO HF-26-0503\nAttn: Marcus, Fort Wayne plant\n20 ea BRG-20510\n', lines='BRG-20510 20 EA', ship_to='FTW'),
    Mail(MUELLER, 'Bestellung 4500020001', 'Bestellung 4500020001\nbitte nach Leonberg liefern\n20 Stück BRG-20610', lines='BRG-20610 20 EA', books=True, ship_to='WERK2'),
    Mail(HARLAN, 'PO HF-26-0504', 'PO HF-26-0504\n10 ea BRG-20510 to Toledo\n10 ea BRG-20510 to Fort Wayne'),
    Mail(HARLAN, 'PO HF-26-0510', 'PO HF-26-0510: 20 ea BRG-20510. Please reply by March 5. Needed on site by March 18.', lines='BRG-20510 20 EA', books=True, day='2026-03-18'),
    Mail(HARLAN, 'PO HF-26-0515', 'PO HF-26-0515\n20 ea BRG-20510 - March 12\n10 ea BRG-21010 - March 26\n', lines='BRG-20510 20 EA;BRG-21010 10 EA', line_days=('2026-03-12', '2026-03-26')),
    Mail(HARLAN, 'PO HF-26-0517', 'PO HF-26-0517: 20 ea BRG-20510\nRequested ship date: 03/10/2026\nRequested delivery date: 03/14/2026', lines='BRG-20510 20 EA', day='2026-03-14'),
    Mail(LAKESIDE, 'Order', '2 cases TAP-70110 (50 rolls)'),
    Mail(LAKESIDE, 'Order', '40+10 rolls TAP-70110', lines='TAP-70110 50 RL'),
    Mail(LAKESIDE, 'Order', 'Item | Qty ordered | Qty shipped\nTAP-70110 | 40 | 38'),
    Mail(LAKESIDE, 'Order', '1) TAP-70110 40 rolls\n2) TAP-70210 80 rolls\n3) ditto black 12'),
    Mail(HARLAN, 'PO HF-26-0524', 'PO HF-26-0524: 20 ea HF-4471 pillow block bearing'),
    Mail(HARLAN, 'PO HF-26-0525', 'PO HF-26-0525: 20 ea BRG-20510 (your part) / HF-4472 (our part)'),
    Mail(REDWOOD, 'RC-77711', 'PO RC-77711:\n40 ea BRG-20410\n30 ea BRG-20510 -- cancel this one\n'),
    Mail(REDWOOD, 'RC-77712', 'PO RC-77712: 40 ea BRG-20410. We no longer need the 30 ea BRG-20510.', lines='BRG-20410 40 EA'),
    Mail(LAKESIDE, 'Order', 'Please send TAP-70110 and TAP-70111, 24 rolls each.', lines='TAP-70110 24 RL;TAP-70111 24 RL'),
    Mail(LAKESIDE, 'Order', 'If you can do 5.00 each, send 40 rolls TAP-70110.'),
    Mail(LAKESIDE, 'Order', 'Let me know if you have any questions. 40 rolls TAP-70110 please.', lines='TAP-70110 40 RL', books=True),
    Mail(LAKESIDE, 'Order', 'Attached is the flyer. We sell 40 rolls TAP-70110 a day!'),
    Mail(LAKESIDE, 'Order', 'Test order, please ignore: 40 rolls TAP-70110'),
    Mail(LAKESIDE, 'Order', '40 rolls TAP-70110\n\nOn 26 Feb 2026 Orders <orders@northgate.example> wrote:\n> Dear Gail, special offer: 100 rolls TAP-70111 at 5.00\n', lines='TAP-70110 40 RL', books=True),
    Mail(MUELLER, 'Bestellung 4500019001', 'Guten Tag,\n\nbitte liefern Sie:\n\n500 Stück FST-10210\n300 Stück FST-10211\n10 Karton FST-10320\n\nLiefertermin: 20.03.2026\n\nMit freundlichen Grüßen\nSabine Kurz\nMüller Maschinenbau GmbH, Otto-Lilienthal-Straße 22, 71034 Böblingen\nUSt-IdNr. DE999555106, HRB 12345', lines='FST-10210 500 EA;FST-10211 300 EA;FST-10320 10 BX', day='2026-03-20'),
    Mail(MUELLER, 'Bestellung 4500019002', 'Bestellnr. 4500019002\n\nPos 1: M-100840, 500 Stk\nPos 2: M-300547, 40 Stk\n\nLieferung an Werk 2, Leonberg bis 18.03.2026', lines='FST-10210 500 EA;SEA-30110 40 EA', books=True, ship_to='WERK2', day='2026-03-18'),
    Mail(MUELLER, 'Bestellung 4500019003', 'Unsere Bestellung 4500019003: wir brauchen 20 Stück BRG-20610 und 50 Stück SEA-30110 bis KW 12.', lines='BRG-20610 20 EA;SEA-30110 50 EA', books=True, day='2026-03-16'),
    Mail(MUELLER, 'Bestellung 4500019005', 'Bestellung 4500019005\nbitte ca. 500 Stück FST-10210'),
    Mail(MUELLER, 'Bestellung 4500019006', 'Bestellung 4500019006\n1.000 Stück FST-10210 zu 0,20 €/Stk\n', lines='FST-10210 1000 EA', books=True),
    Mail(MUELLER, 'Reklamation', 'In der Lieferung vom 23.02. fehlten 40 Stück SEA-30110, 10 Stück waren beschädigt. Bitte Nachlieferung.'),
    Mail(MUELLER, 'Bestellung 4500019007', 'Bestellung 4500019007: 20 Stück BRG-20610 oder 20 Stück BRG-20510, je nach Verfügbarkeit'),
    Mail(MUELLER, 'Bestellung 4500019012', 'Bestellung 4500019012: 50 Stück SEA-30110. Falls der Preis unter 2,50 € liegt, bitte 100 Stück.'),
    Mail(MUELLER, 'Bestellung 4500019013', 'Bestellung 4500019013\n20 Stück BRG-20610 für unser Werk 2\n', lines='BRG-20610 20 EA', books=True, ship_to='WERK2'),
    Mail(MUELLER, 'Danke', 'Vielen Dank für die Lieferung der 500 Stück FST-10210, alles bestens.'),
    Mail(LEVANTE, 'Pedido', 'Buenos días, ponme 30 cajas FLR-60110 y 25 sacos FLR-60210 por favor. Gracias, Carmen', lines='FLR-60110 30 BX;FLR-60210 25 BG', books=True),
    Mail(LEVANTE, 'Pedido', 'Mándame entre 20 y 30 cajas de FLR-60110'),
    Mail(LEVANTE, 'Pedido', '30 cajas de FLR-60110 o de FLR-60111, lo que tengáis'),
    Mail(LEVANTE, 'Reclamación', 'Nos han llegado 28 cajas de FLR-60110 en vez de 30. Faltan 2 cajas.'),
    Mail(LEVANTE, 'Pedido', '30 cajas FLR-60110, entrega mitad ahora y el resto en abril'),
    Mail(BAJIO, 'OC 8813', 'OC: 8813\nCant. 24 rollos TAP-70110\nCant. 15 cajas SAF-50111\nentrega 20 de marzo', lines='TAP-70110 24 RL;SAF-50111 15 BX', day='2026-03-20'),
    Mail(RHONE, 'Commande CMD-2026-31', 'Bonjour,\n\nNotre commande CMD-2026-31 :\n- 12 pièces RM-55012\n- 6 pièces RM-55013\n\nLivraison souhaitée le 20/03/2026\n\nCordialement\nLucie Morel\n18 rue des Frères Lumière, 69200 Vénissieux\nTVA FR99999555109', lines='BRG-20610 12 EA;BRG-21011 6 EA', books=True, day='2026-03-20'),
    Mail(RHONE, 'Commande CMD-2026-34', 'Commande CMD-2026-34 : 20 pièces BRG-20610 ou BRG-20510 selon disponibilité'),
    Mail(RHONE, 'Réclamation', 'Nous avons reçu 10 pièces BRG-20610 au lieu de 12. Il manque 2 pièces.'),
    Mail(RHONE, 'Commande CMD-2026-36', 'Commande CMD-2026-36 : 12 roulements BRG-20610 pour vendredi 20 mars', lines='BRG-20610 12 EA', day='2026-03-20'),
    Mail(RHONE, 'Commande CMD-2026-39', 'Commande CMD-2026-39 : 10 à 15 pièces BRG-20610'),
    Mail(RHONE, 'Commande CMD-2026-40', 'Commande CMD-2026-40 : 12 pièces BRG-20610, à livrer à notre usine de Grenoble'),
    Mail(MUELLER, 'Bestellung 4500020010', 'Bestellung 4500020010: 20 Stück BRG-20610, Lieferung in der 2. Märzhälfte'),
    Mail(RHONE, 'Commande CMD-2026-51', 'Commande CMD-2026-51 : 12 pièces BRG-20610, livraison mi-mars'),
)
# fmt: on
