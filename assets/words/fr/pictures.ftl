### Words in pictures: what charts, the drawn network, races and figures say of themselves, on the screen and in files.

## Gains: the cloud, the candidates, what was foreseen together
pictures-cloud = Tour { $round } : gains estimés par { $estimator } et gains réels
pictures-cloud-end = Tour { $round } : gains estimés par { $estimator } et gains à la fin
pictures-agreement = { $family } : n { $n }, r { $r }, pente { $slope }
pictures-family-chosen = { $family }, choisi
pictures-layer-colours = Couleurs : les couches, de la première, sombre, à la dernière, claire. Sur la ligne, l'estimation est juste.
pictures-candidates = Tour { $round } : les candidats
pictures-some-candidates = { $all } candidats, { $chosen } choisis ; voici les { $best } meilleures estimations et tous les choisis. Estimé par { $estimator }.
pictures-all-candidates = { $all } candidats, { $chosen } choisis ; tous sont ici. Estimé par { $estimator }.
pictures-gain-and-dash = Gain : de combien la perte moyenne baisse. Un tiret : non mesuré.
pictures-gain-held-out = gain sur les images réservées
pictures-gain-validation = gain sur les images de validation
pictures-estimated = estimé
pictures-actual = réel
pictures-at-once = tout de suite
pictures-in-the-end = à la fin
pictures-promises = Gains estimés des changements faits, et résultat réel
pictures-promises-note = Gain : de combien la perte moyenne baisse. Des changements faits ensemble réparent les mêmes erreurs : la somme de leurs gains isolés est trop grande.
pictures-on-validation = Images de validation : on choisit d'après elles
pictures-on-held-out = Images réservées : seulement pour rendre compte
pictures-summed = somme des gains isolés
pictures-right-on-the-line = Sur la ligne, l'estimation est juste.

## Curves
pictures-curves = Perte et exactitude au fil des pas d'entraînement
pictures-loss-lower = Perte : plus bas, c'est mieux
pictures-accuracy-higher = Exactitude : plus haut, c'est mieux
pictures-cross-entropy = entropie croisée moyenne
pictures-held-out = images réservées
pictures-held-out-of = réservées : { $name }

## The network and its history
pictures-network = Le réseau
pictures-network-note = Une cellule par canal ; sa couleur est la place de la couche dans le réseau. Ce que la croissance a fait est marqué, ce qu'elle a enlevé reste en contour ; d'un canal divisé, le deuxième enfant est le nouveau.
pictures-not-grown = Il n'a pas encore grandi.
pictures-seed = Le réseau initial
pictures-found = Ce que la recherche a trouvé
pictures-after-round = Après le tour { $round }
pictures-size = { $parameters } paramètres, perte sur les images réservées { $loss }, exactitude { $accuracy }
pictures-made =
    { $changes ->
        [0] aucun changement fait
        [one] 1 changement fait
       *[other] { $changes } changements faits
    }
pictures-kernels = noyaux { $side }×{ $side }
pictures-max-pool = pooling max
pictures-mean-pool = pooling moyen
pictures-mean-of-all = moyenne de tout
pictures-a-channel = un canal
pictures-new = nouveau
pictures-gone = disparu
pictures-image = image
pictures-classes = { $classes } classes
pictures-seed-untrained = { $run } : le réseau initial, pas encore entraîné
pictures-trained = { $run } : entraîné, phase { $phase }
pictures-grown = { $run } : grandi au tour { $round }

## Why something is not drawn
pictures-none-measured = aucun gain n'est encore mesuré
pictures-none-estimated = aucun gain n'est encore estimé
pictures-none-scored = rien n'est encore noté ni entraîné
pictures-none-chosen = aucun changement n'est encore choisi

## Searches
pictures-by-cost = Essais par coût
pictures-by-size = Essais par taille
pictures-cost-so-far = coût jusqu'ici
pictures-validation-loss = perte de validation
pictures-trials-note = { $trials } essais après le réseau initial ; les lignes mènent des parents aux enfants, les barres sont des erreurs types.
pictures-copies-note = Une copie est son parent, entraîné aussi longtemps sans changement : les gains lui sont comparés là où elle existe.
pictures-parent-to-child = du parent à l'enfant
pictures-copy = copie
pictures-changed = changé
pictures-the-seed = initial
pictures-goes-on = continue
pictures-believed = Ce qui était cru, et le résultat réel
pictures-predicted-gain = gain prédit

## Races
pictures-race = Expériences à coût égal
pictures-one-seed = Une graine. Le réseau non entraîné, qui n'a rien coûté, est à gauche de la coupure.
pictures-seeds = Moyenne sur { $seeds } graines au plus, avec son intervalle à 95 %. Le réseau non entraîné, qui n'a rien coûté, est à gauche de la coupure.
pictures-most-accurate = Les { $drawn } plus exactes des { $all } configurations.
pictures-size-title = Taille
pictures-held-out-loss = perte sur les images réservées
pictures-held-out-accuracy = exactitude sur les images réservées
pictures-cost-of-run = coût total de l'expérience
pictures-column-seeds = graines
pictures-column-accuracy = exactitude, réservées
pictures-column-flops = FLOPs par image
pictures-column-total = FLOPs au total

## What axes are named after
pictures-gain = gain
pictures-axis-round = tour
pictures-axis-channel = canal
pictures-axis-layer = couche
pictures-total-cost = coût total
pictures-learning-cost = coût de l'apprentissage
pictures-column-estimator = estimateur
pictures-column-family = famille
pictures-by-estimator = par { $estimator }
pictures-column-mean-gain = gain moyen
pictures-column-of-direct = de celui de direct
pictures-against = contre { $first }
pictures-seeds-in-both = graines dans les deux
pictures-no-seed-in-both = aucune graine dans les deux
pictures-accuracy-points = exactitude, points
pictures-interval = { $mean } ({ $low } à { $high })
pictures-thousands = milliers
pictures-millions = millions

## The paper's figures
pictures-figure-network = Figure 2 : ce que les estimations disent de chaque canal
pictures-figure-estimates = Figure 3 : gains estimés et gains réels
pictures-figure-estimates-note = Une marque par candidat ; sur la ligne pointillée, l'estimation est juste.
pictures-figure-agreement = r = { $r }, pente = { $slope }, n = { $n }
pictures-figure-learners = Figure 4 : gains réels de ce que fait chaque apprenant
pictures-figure-learners-note = Barres : un groupe par candidat, d'abord celui où direct gagne le plus. Points : moyennes sur les candidats avec leurs intervalles à 95 % ; un apprenant qui ne coûte rien est à gauche de la coupure.
pictures-figure-splits = divisions de conv1
pictures-figure-widening = un nouveau canal
pictures-figure-each = { $part } : chaque candidat
pictures-figure-mean = { $part } : moyenne
pictures-figure-growth = Figure 5 : croissance et réseaux fixes
pictures-figure-growth-note = { $with }. Moyennes sur les graines ; à gauche avec leurs intervalles à 95 % (t de Student).
pictures-figure-by-size = Exactitude et taille
pictures-figure-by-cost = Exactitude et coût
pictures-figure-sizes = { $network }, { $train } images d'entraînement, { $epochs } époques par tour, φ en { $steps } pas de { $batch }, { $held } réservées
pictures-all-images = toutes
pictures-figure-seed = { $sizes }, graine { $seed }
pictures-figure-seeds = { $sizes }, { $rounds } tours, { $seeds } graines
pictures-split-scale = moitiés gauches : gain d'une division
pictures-prune-scale = moitiés droites : coût de la suppression
pictures-scale-none = aucun
pictures-scale-most = le plus
pictures-scale-least = le moins
pictures-cell =
    Canal { $channel } de { $layer }
    diviser gagne { $split } % du maximum
    supprimer coûte moins que pour { $prune } % des canaux
