### The network, one channel of it, the row of stages and the slider over the history.

## The network: what its colours stand for
network-title = Réseau
network-paint-gain = Gain estimé
network-paint-gain-hint = Rouge là où diviser rapporte le plus, bleu là où élaguer coûte le moins
network-paint-activation = Activation
network-paint-activation-hint = La sortie de chaque canal pour l'image
network-paint-filter = Filtre
network-paint-filter-hint = Les poids de chaque canal

## The network: its legend, in 350 points at most
network-legend-forming = en formation pendant l'apprentissage
network-legend-split = diviser rapporte le plus
network-legend-prune = élaguer coûte le moins
network-legend-new = cerclé : neuf, non entraîné
network-legend-before-and = couleurs du tour précédent ;
network-legend-before = couleurs du tour précédent
network-legend-none = pas encore d'estimation : une teinte par couche
network-legend-past = activations de l'instant présent seulement
network-legend-activation = clair : activation forte
network-legend-filter = couche 1 dans ses couleurs ; rouge positif, bleu négatif

## The network: its cells and the image
network-channel = { $layer } canal { $channel }
network-cell-new = Nouveau : créé par la dernière croissance, pas encore entraîné.
network-cell-gain = { $family } : gain estimé { $gain }
network-cell-click-hint = Cliquez pour voir son filtre et ses candidats
network-next-image = Image suivante
network-previous-image = Image précédente

## One channel: its head and its activation
channel-changes = Changements
channel-changes-hint = Les changements possibles ici, avec leurs formules
channel-pixels = Pixels × noyau
channel-pixels-hint = D'où vient un nombre de l'activation
channel-images = Réparées, gâchées
channel-images-hint = Les images qu'un changement rend justes ou fausses
channel-scale = Selon l'échelle
channel-scale-hint = Ce que rapporte un changement fait en partie seulement
channel-close = Fermer
channel-filter = Filtre
channel-activation = Activation pour cette image
channel-place = ligne { $row }, colonne { $column } sur { $side }×{ $side }
channel-size = { $side }×{ $side } nombres ; cliquez
channel-place-name = Un point de l'activation : ligne { $row }, colonne { $column } ; les flèches le déplacent
channel-past = Seulement du présent
channel-not-computed = Pas encore calculé

## One channel: its changes and its filter
channel-not-proposed = Ses candidats apparaissent après l'étape Propose, une fois le réseau entraîné.
channel-whole-layer = toute la couche
channel-chosen = choisi
channel-cost = { $parameters } paramètres, { $arithmetic }FLOP par image
channel-kernels = un noyau par canal d'entrée
channel-kernels-some = un noyau par canal d'entrée, { $shown } sur { $count } montrés

## One channel: a place of its activation, taken apart
channel-this = Ce canal
channel-first-child = Enfant 1
channel-second-child = Enfant 2
channel-shortcut = Avant l'activation montrée, autre chose s'ajoute : un raccourci aboutit ici.
channel-children-part = Les enfants sont faits avec { $scale } de ce qui a été appris.
channel-children-all = Les enfants sont faits avec tout ce qui a été appris ; aucun pas dans ce sens ne s'est révélé utile.
channel-children-halves = La couche suivante pondère chacun par ½.
channel-input = entrée
channel-pixels-under = pixels dessous
channel-times-kernel = × noyau
channel-products = = produits
channel-sum = somme
channel-child-kernel = { $child } : noyau
channel-beyond = hors de l'image, où 0 est lu : 0 × { $weight } = 0
channel-others = { $count ->
    [one] { $count } autre canal
   *[other] { $count } autres canaux
    }
channel-bias = biais
channel-norm = norm.
channel-steps = u est la somme de tous les produits et du biais
channel-norm-step = normalisation : (u { $mean }) / { $deviation } × { $weight } { $bias }
channel-relu-step = ReLU : ce qui est sous 0 devient 0

## One channel: the images that a change repairs and those that it breaks
channel-compare-question = Parmi les { $count } images réservées, lesquelles deviennent justes ou fausses avec { $what } ?
channel-compare = Comparer les réponses
channel-repaired = Réparées : { $count }
channel-broken = Gâchées : { $count }
channel-more = et { $count } de plus
channel-verdict-hint = Si pour chaque image qui a changé de camp une pièce avait décidé si elle est réparée ou gâchée, une différence au moins aussi grande apparaîtrait aussi souvent (test exact de McNemar)
channel-neutral = Aucun pas de ce changement ne s'est révélé utile : fait, il ne changerait rien.
channel-what-change = le changement « { $change } »
channel-not-comparable = Les changements peuvent être comparés une fois appris.
channel-what-growth = la croissance du tour { $round } (avant l'entraînement suivant)
channel-verdict-none = aucune réponse n'a changé de camp
channel-verdict-chance = surtout le hasard ({ $share } % à pile ou face)
channel-verdict-maybe = peut-être le hasard ({ $share } % à pile ou face)
channel-verdict-hardly = guère le hasard ({ $share } % à pile ou face)
channel-compared = Sur { $images } images réservées, { $what } en a réparé { $repaired } et gâché { $broken } : { $verdict }. { $before } étaient justes, { $after } le sont.
channel-flip = Voir l'image { $number } ({ $label }) : { $before } { $before_share } avant, { $after } { $after_share } avec le changement

## One channel: along the scale of a change, and why there is none
channel-not-learned-kind = Ce changement se fait en entier ou pas du tout.
channel-scale-question = De combien le réseau s'améliore-t-il quand on fait une partie du changement, ou plus que le tout ?
channel-follow = Suivre { $change }
channel-scale-at = à { $scale } : vérité { $truth }   tangente { $tangent }   { $formula } { $estimate }
channel-only-now = Ceci n'est calculé que pour l'instant présent de l'expérience.
channel-no-round = Les changements peuvent être examinés une fois proposés et appris.
channel-no-change = Choisissez d'abord un changement sous « Changements ».
channel-not-learned = Ce changement n'est pas encore appris : passez l'étape Learn.

## The heads of the network's columns, and what they show on a click
heads-layer = Couche { $layer }
heads-reads = lit
heads-reads-channels = { $inputs ->
    [one] { $inputs } canal
   *[other] { $inputs } canaux
    }
heads-kernels = noyaux
heads-kernels-shape = { $outputs } × { $inputs }, chacun { $rows } × { $columns }
heads-gives = donne
heads-gives-channels = { $channels ->
    [one] { $channels } canal de { $side } × { $side }
   *[other] { $channels } canaux de { $side } × { $side }
    }
heads-then = puis
heads-pooling-max = pooling (max)
heads-pooling-mean = pooling (moyenne)
heads-pooling-all = pooling (moyenne de tout)
heads-parameters = paramètres
heads-arithmetic = calcul
heads-flops = { $arithmetic }FLOP par image

## The row of stages
stages-finished = Terminé
stages-last-training = Dernière phase
stages-trial = Essai { $trial }
stages-search = Recherche
stages-round = Tour { $round } sur { $rounds }
stages-done = Étape { $stage } : terminée
stages-present = Étape { $stage } : en cours
stages-later = Étape { $stage } : à venir
stages-click-hint = Cliquez pour voir ce qu'elle a trouvé

## The slider over the history
timeline-name = Moment de l'historique
timeline-title = Moments
timeline-hint = Montre le réseau, ses candidats et ses courbes tels qu'ils étaient à n'importe quel moment ; rien n'est annulé. Les activations sont seulement du présent. Le moment le plus ancien conservé : { $earliest }
timeline-now = Maintenant
timeline-to-now = Au présent
timeline-to-now-hint = Montre l'expérience telle qu'elle est (Escape)
