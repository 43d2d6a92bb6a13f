### The ending, the curves, the costs, races, figures, trials, and what stands in plots.

## The card at the end of a run.
ending-question = Cela en valait-il la peine ?
ending-hide = Masquer
ending-hide-hint = Range cette carte
ending-add-round = Ajouter un tour
ending-race = Course contre la non-croissance
ending-race-hint = Les mêmes réglages avec et sans croissance, à coût égal, avec plusieurs graines
ending-new-run = Nouvelle expérience…

## Its table: the heads, and the networks.
ending-held-out = sur les images réservées
ending-accuracy = exactitude
ending-loss = perte
ending-parameters = paramètres
ending-seed = Réseau initial, entraîné
ending-seed-hint = Après le premier entraînement, avant qu'il ne grandisse
ending-grown = Réseau agrandi
ending-network = Réseau
ending-grown-hint = À la fin
ending-raced = Non agrandi (course)
ending-raced-hint = Le réseau initial, entraîné au coût de la course
ending-twin = Jumeau, non agrandi
ending-twin-hint = Un jumeau du réseau avant sa dernière croissance, entraîné aussi longtemps ensuite

## What it says: the cost, and what can honestly be said of the result.
ending-cost = Coût : { $training }FLOPs pour l'entraînement, { $growing }FLOPs pour la croissance ; { $time } en tout.
ending-sure = Avec { $images } images réservées, des écarts de moins de ±{ $points } points peuvent être dus au hasard.
ending-against = { $rival } : perte de { $without } sans croissance, de { $grown } avec.
ending-lost = Ici, ne pas grandir a donné de meilleurs résultats.
ending-won = Grandir a donné de meilleurs résultats.
ending-no-growth = Il n'a pas grandi.
ending-alone = Exactitude { $accuracy_before } → { $accuracy_after }, perte { $loss_before } → { $loss_after }. Il s'est aussi entraîné plus longtemps : seule une course dit ce que la croissance a apporté.
ending-worse = La perte sur les images réservées est plus élevée qu'avant la croissance : il a trop bien appris ses images d'entraînement, ou ses choix, faits sur peu d'images, ne se sont pas confirmés.
ending-noise = Le gain d'exactitude est dans le bruit.

## Loss and accuracy over training steps.
curves-empty = Rien n'est encore entraîné.
curves-empty-next = Appuyez sur Lecture et regardez la perte baisser.
curves-kept = { $preset }, graine { $seed } (expérience { $run })
curves-remove = Retirer
curves-remove-hint = Ne plus comparer avec cette expérience
curves-loss = Perte : entropie croisée moyenne en nats, plus bas est mieux
curves-accuracy = Exactitude sur les images réservées, en pour cent
curves-logarithmic = Perte logarithmique
curves-logarithmic-hint = Par puissances de dix : les petites baisses tardives de la perte se voient alors aussi bien que les premières
curves-smoothing = Lissage
curves-smoothing-hint = Pas d'entraînement sur lesquels la perte d'un lot est moyennée
curves-raw = brute
curves-over-steps = sur { $steps } pas

## In the plots: their names, axes, curves and marks.
curves-plot-loss = perte
curves-plot-accuracy = exactitude
curves-steps = pas d'entraînement
curves-point = pas { $step } : { $value }
curves-restarts = le taux d'apprentissage repart ici
curves-ungrown = entraîné plus longtemps, non agrandi
curves-still-to-come = à venir
curves-batches = lots d'entraînement
curves-held-out = images réservées
curves-growth = croissance

## What the stages cost.
costs-empty = Rien n'a encore été calculé.
costs-empty-next = Appuyez sur Lecture : le temps et les calculs de chaque étape sont comptés.
costs-train = Entraîner
costs-learn = Apprendre
costs-estimate = Estimer
costs-measure = Mesurer
costs-grow = Choisir et grandir
costs-total = { $time } de calcul jusqu'ici.
costs-stage = Étape
costs-time = Temps
costs-to-grow = Pour grandir
costs-to-show = Pour le montrer
costs-share = Part du temps
costs-rounds = Le réseau, tour par tour
costs-parameters = Paramètres
costs-held-out-loss = Perte (réservées)
costs-accuracy = Exactitude
costs-flop-per-image = FLOP par image
costs-seed = Réseau initial
costs-round-trained = Tour { $round }, entraîné
costs-round-grown = Tour { $round }, agrandi
costs-last-trained = Fin, entraîné
costs-last-grown = Fin, agrandi

## Racing configurations at equal cost.
race-question = Quelle configuration donne le meilleur réseau pour les mêmes calculs ? Chaque expérience peut dépenser autant de FLOPs pour entraîner, apprendre, estimer et mesurer.
race-ended = Chaque expérience s'est terminée à { $cost }FLOPs en tout.
race-none = Aucune course n'est encore allée à son terme.
race-add = Ajouter ces réglages
race-add-hint = Changez-y ensuite quelque chose : un autre estimateur, une autre famille, un autre budget ou, par un fichier de réglages, un autre apprenant
race-add-fixed = Ajouter un réseau fixe de cette taille
race-add-fixed-hint = Un réseau aussi grand que l'est maintenant celui de cette expérience, qui ne grandit jamais
race-no-fixed-hint = Seules les chaînes de convolutions sans normalisations peuvent s'écrire comme réseau fixe
race-entrant-name = Nom de la configuration { $number }
race-settings = Réglages…
race-remove = Retirer
race-add-two = Ajoutez-en deux ou plus et lancez la course.
race-limit = Limiter le coût
race-limit-hint = Sinon, toutes dépensent ce que prend la plus chère selon ses propres réglages
race-limit-each = Ce que chaque expérience peut dépenser
race-start = Lancer la course
race-resume = Reprendre la course
race-foreseen-hint = Si chaque expérience dure autant que les tours de celle-ci
race-no-entrants = Configurations : aucune trouvée, deux ou plus attendues
race-so-far = Jusqu'ici
race-runs = expériences
race-held-out-loss = perte, images réservées
race-accuracy = exactitude
race-fixed = { $preset }, ne grandit pas
race-grows = { $rounds ->
        [one] { $preset }, 1 tour de { $families } par { $learner } ({ $estimator })
       *[other] { $preset }, { $rounds } tours de { $families } par { $learner } ({ $estimator })
    }

## The paper's figures.
figures-name = Figure { $number }
figures-version = Notre version de la figure { $number } de l'article : { $what }.
figures-network = le réseau, coloré d'après ce que les estimations disent de chaque canal
figures-estimates = estimé contre réel, pour chaque famille et chaque estimateur
figures-learners = ce que les changements de chaque apprenant gagnent vraiment
figures-race = la croissance à côté de réseaux fixes, à coût égal
figures-small = Petites tailles
figures-small-hint = Quelques minutes sur deux cœurs ; bruité
figures-full = Tailles complètes
figures-full-hint = Jusqu'à des heures sur deux cœurs
figures-make = Créer la figure
figures-resume = Reprendre la figure
figures-not-made = La figure { $number } n'a pas encore été créée.

## What races and figures share: seeds, progress and runs.
studied-seeds = Graines
studied-seeds-hint = Chacune répète la course avec d'autres choix aléatoires ; les barres montrent la dispersion
studied-no-seed = Graines : « { $found } » trouvé, nombres tels que 1, 2, 3 attendus
studied-busy = L'expérience est en cours : mettez-la d'abord en pause.
studied-cancel-hint = Interrompre l'arrête, Esc aussi, qui demande d'abord ; chaque expérience est conservée
studied-runs = Expériences : { $done } sur { $all } terminées
studied-open-hint = Ouvre cette expérience ici ; une étude en cours s'arrête et peut être reprise plus tard
studied-missing-hint = Il n'y a encore rien à ouvrir
studied-missing = pas commencée
studied-begun = commencée
studied-grown = agrandie
studied-done = terminée
studied-all-grown = toutes les expériences ont grandi ; chacune se termine à { $cost }FLOPs en tout
studied-measuring = { $run } : mesure, { $number } sur { $all }
studied-growing = { $run } : croissance, { $number } sur { $all }
studied-training = { $run } : dernier entraînement, { $number } sur { $all }
studied-time-left = { $said }, encore { $time }

## The trials of a search.
trials-none = Aucun réseau n'a encore été essayé.
trials-none-next = Aucun réseau n'a encore été essayé : le réseau initial s'entraîne d'abord.
trials-now = Essai { $trial } : { $why }
trials-best = L'essai { $trial } est le meilleur jusqu'ici.
trials-trial = Essai
trials-changes = Changements
trials-loss = Perte
trials-loss-hint = Sur les images de validation, après l'entraînement court
trials-predicted = Prédit
trials-predicted-hint = Ce que les changements devaient gagner ensemble
trials-at-once = Aussitôt
trials-at-once-hint = Ce qu'ils ont gagné avant tout entraînement
trials-in-the-end = À la fin
trials-in-the-end-hint = Par rapport au parent entraîné aussi longtemps ensuite, là où cela a été essayé
trials-parameters = Paramètres
trials-parameters-hint = Combien de plus que le réseau initial
trials-diverged = divergé
trials-the-seed = le réseau initial
trials-trained-on = { $parent }, entraîné encore

## Whom the strategies are after.
trials-after-rounds = tours de croissance
trials-after-random = recherche aléatoire
trials-after-hill-climbing = d'après NASH (Elsken, Metzen, Hutter, 2017), notre reconstitution
trials-after-evolution = d'après l'évolution régularisée (Real et autres, 2018), notre reconstitution
trials-after-pareto = d'après LEMONADE (Elsken, Metzen, Hutter, 2018) et NSGA-II (Deb et autres, 2002), notre reconstitution
trials-after-autogrow = d'après AutoGrow (Wen et autres, 2019), notre reconstitution
trials-after-ev3 = d'après EV3 (arXiv 2310.18893, 2023), notre reconstitution

## One change along its scale.
along-part = part du changement qui est faite
along-truth = réalité
along-tangent = tangente
along-mark = repère
along-plot = gains le long du changement
along-mark-at = Repère à
along-mark-slider = Repère

## Plots and their scales.
plots-nothing = Il n'y a rien à tracer avant que des gains soient mesurés.
plots-plot = Graphique : { $name }
stretch-even = échelle régulière
stretch-bent = échelle étirée : régulière jusqu'à ±{ $knee }, puis par puissances de dix
