### Les panneaux des candidats : graphique des gains estimés et réels, tableau, raisons, prédictions, promesses, résultats, formules, et ce pour quoi la lecture s'arrête.

## Estimé et réel

cloud-none = Pas encore de candidats.
cloud-none-next = Appuyez sur « Lecture » : après le premier entraînement, les changements possibles du réseau sont listés, et chacun reçoit un point ici.
cloud-unestimated = { $count } candidats, pas encore estimés.
cloud-unestimated-next = Les étapes suivantes apprennent chaque changement et prédisent son gain ; les points apparaissent alors ici.
cloud-forming = En formation : ce que la formule prévoit sur les images d'entraînement pendant que chaque changement est appris.
cloud-unmeasured = Pas encore mesurés : d'ici là, les points restent sur la ligne du gain réel 0.
cloud-predict-hint = Masquer tous les gains dès qu'ils sont estimés, ranger six changements dans l'ordre attendu, puis comparer
cloud-predict-next = La lecture s'y arrête et vous interroge.
cloud-formula = Formule
cloud-formula-hint = La formule qui estime les gains
cloud-learned-by = { $formula } (apprentissage)
cloud-all-formulas = Toutes les formules
cloud-all-formulas-hint = Les estimations de toutes les formules pour tous les candidats à la fois
cloud-family-hint = Afficher cette famille
cloud-family-numbers-hint = Afficher cette famille. { $count } candidats, r { $r }, pente { $slope }
cloud-count-hint = Candidats
cloud-pearson-hint = Corrélation de Pearson : sont-ils sur une droite ? 1 est parfait
cloud-spearman-hint = Corrélation de rang de Spearman : sont-ils dans le même ordre ? 1 est parfait
cloud-slope = pente
cloud-slope-hint = Gain réel par gain estimé : 1 est parfait
cloud-round = Tour { $round }
cloud-gains = Gains
cloud-gains-hint = Ce qui aide, sur une échelle régulière
cloud-all = Tous
cloud-all-hint = Aussi ce qui nuit, sur une échelle étirée
cloud-outside = { $scale } ; { $count } qui nuisent davantage sont en dehors
cloud-axis-estimated = gain estimé
cloud-axis-actual = gain réel
cloud-axis-end = gain à la fin
cloud-at-once-hint = Ce que chaque changement a gagné sur le moment, avant tout entraînement
cloud-in-the-end-hint = Ce que chaque changement suivi valait après l'entraînement suivant, face à un jumeau du réseau sans lui
cloud-in-the-end = à la fin : { $gain }
cloud-plot = Gains estimés et gains réels
cloud-estimated-by = estimé par { $formula } : { $gain }
cloud-actual = réel : { $gain }
cloud-actual-unknown = réel : inconnu
cloud-error = erreur : { $gain }
cloud-first-layer = première couche
cloud-last-layer = dernière couche
cloud-chosen = choisi
cloud-right = la formule est juste

## Tableau

table-none-next = L'étape « Proposer » les liste, après le premier entraînement.
table-filter = Filtre, tel que conv2
table-filter-name = Filtrer les candidats
table-show-family = Afficher la famille { $family }
table-chosen = { $count } choisis ; somme des gains isolés, images de validation : { $gain }.
table-tick = Cochez-en d'autres pour choisir vous-même.
table-empty = Aucun candidat de ce nom. Videz le filtre, ou affichez plus de familles.
table-boxes = Colonne des cases pour choisir
table-column = Colonne { $name }
table-box = Case de { $candidate }
table-cell = { $column } de { $candidate }
table-choose = Choisir { $candidate }
table-candidate = Candidat
table-candidate-hint = Ce qui changerait
table-why = Raison
table-why-hint = Pourquoi il a été choisi ou non
table-estimated = Estimé
table-estimated-hint = Gain selon la formule
table-actual = Réel
table-actual-hint = Gain une fois vraiment fait
table-error = Erreur
table-error-hint = Réel moins estimé
table-parameters = Paramètres
table-parameters-hint = Combien il en ajoute
table-scale = Pas
table-scale-hint = Jusqu'où aller dans la direction apprise ; 0 n'en vaut pas la peine

## Pourquoi un candidat a été pris ou écarté

why-by-you = choisi par vous
why-by-you-hint = La méthode l'avait écarté
why-dropped = écarté par vous
why-dropped-hint = La méthode l'avait choisi
why-chosen = choisi
why-chosen-hint = Le réseau grandit ainsi
why-adds = choisi : ajoute { $adds }
why-adds-hint = Sur les images de validation, le choix gagnerait { $adds } de moins sans lui ; seul, il gagne { $gained }
why-no-step = aucun pas n'aide
why-no-step-hint = Sur les images de validation, le meilleur pas dans sa direction est aucun
why-no-help = n'aiderait pas
why-no-help-hint = Il ne réduirait pas la perte de validation
why-costs = coûte plus qu'il ne rapporte
why-costs-hint = Il gagne { $gained } sur les images de validation ; son coût exige { $needs }
why-not-beside = pas avec { $other }
why-not-beside-hint = Lui et { $other } changent le même endroit ; c'est l'autre qui a été pris
why-layer-needs = sa couche en a besoin
why-layer-needs-hint = Sa couche perdrait son dernier canal, ou les deux s'excluent
why-little = n'ajoute que { $adds } en plus
why-little-hint = Seul, il gagne { $gained } sur les images de validation, mais ce qui est pris répare les mêmes erreurs : en plus de cela, il ajoute { $adds }
why-training = l'entraînement l'apporte aussi
why-training-hint = Il ajouterait { $adds }, mais l'entraînement des poids existants l'apporte aussi
why-full = plus de place
why-full-hint = Le tour a autant de changements que budget.max-candidates le permet
why-budget = hors budget
why-budget-hint = Le réseau agrandi dépasserait ce que le budget permet
why-not-tried = non essayé
why-not-tried-hint = Le choix s'est terminé avant que son tour vienne
why-none-helped = ensemble sans effet
why-none-helped-hint = Tous les changements au gain estimé ont été essayés ensemble, à plusieurs longueurs, et rien n'a réduit la perte de validation

## Prédire d'abord

predict-first = Prédire d'abord
predict-plot = Au graphique
predict-plot-hint = Fermer les cartes, et montrer chaque estimation face à son gain réel
predict-stop = Arrêter
predict-stop-hint = Tout montrer sans réponse
predict-question = Lequel de ces changements réduit le plus la perte sur les images réservées ? Mettez-le en haut : faites glisser les cartes, ou appuyez sur « Haut » et « Bas ». Pointer une carte éclaire sa cellule ; un clic montre son filtre.
predict-reveal = Révéler
predict-unmeasured = Appuyez sur « Lecture » : les changements sont d'abord faits et mesurés.
predict-card = Carte { $place } : { $change }
predict-up = Haut
predict-down = Bas
predict-you = vous
predict-you-hint = Votre place
predict-change = changement
predict-formula = formule
predict-formula-hint = La place selon le gain estimé
predict-truth = vérité
predict-truth-hint = La place selon le gain réel
predict-gain = gain réel
predict-gain-hint = De combien la perte sur les images réservées a baissé, en nats
predict-score = Vous avez mis { $person } paires sur { $pairs } dans le bon ordre, la formule { $formula }.

## Ce que les changements choisis promettent ensemble

promises-summed = somme des gains isolés
promises-summed-hint = Trop : des changements faits ensemble réparent les mêmes erreurs
promises-joint = estimation commune
promises-joint-hint = Ce que le réseau linéarisé prévoit pour tous à la fois
promises-came = résultat réel
promises-came-hint = Ce que le réseau agrandi gagne vraiment ; connu une fois qu'il a été essayé ou fait
promises-unknown = pas encore connu

## Ce que les choix ont donné

outcomes-by-you = Vous en avez choisi { $count } : ensemble, ils ont gagné { $gain } sur les images réservées avant tout entraînement.
outcomes-by-method = La méthode en a choisi { $count } : ensemble, ils ont gagné { $gain } sur les images réservées avant tout entraînement.
outcomes-again-hint = Annulez, choisissez autrement et faites croître à nouveau pour comparer.

## La formule avec les nombres d'un candidat

explain-first-order = gain ≈ −moyenne a : la pente seule
explain-rank1 = gain ≈ −moyenne (a + a²/4L) : la pente, et la plus petite courbure qui lui convient
explain-gauss-newton = gain ≈ −moyenne (a + ½(Σp·d² − (Σp·d)²)) : la pente, et la courbure du softmax
explain-sampled = gain ≈ −moyenne (a + ½(ĝ·Δz)²) : la pente, et la courbure par une étiquette tirée par image
explain-linearised = gain ≈ moyenne L − moyenne (logsumexp(o + d) − (o + d) en y) : la vraie perte des logits décalés
explain-symbols-hint = a est la pente de la perte le long du changement, d le changement des logits, p le softmax, L la perte
explain-hidden = Les gains sont masqués jusqu'à ce que vous ayez ordonné les cartes.
explain-slope = { $formula }, pas { $scale } :  gain du premier ordre { $slope }
explain-sum = { $formula }, pas { $scale } :  gain du premier ordre { $slope }  { $sign } coût de courbure { $cost }  =  { $estimate }
explain-actual = réel { $actual }     erreur { $error }
explain-point = Pointez une cellule, un point ou une ligne pour voir ses nombres dans la formule.
explain-unestimated = Pas encore estimé.

## Ce pour quoi la lecture s'arrête

pause-expect = Qu'attendez-vous ?
pause-expect-now = { $count } changements ont un gain estimé, et aucun n'est encore fait. Les cellules rouges méritent d'être divisées, les bleues peuvent partir. La formule aura-t-elle raison ? Appuyez sur « Prédire d'abord » pour parier contre elle, ou sur « Lecture » pour mesurer.
pause-right = La formule avait-elle raison ?
pause-right-now = Les points sur la diagonale sont des changements qui ont gagné ce qui était prévu. Cliquez sur celui qui en est le plus éloigné, et lisez ses nombres en dessous.
pause-changed = Qu'est-ce qui a changé ?
pause-changed-nothing = Rien ne valait son coût : le réseau reste tel quel, et continue de s'entraîner.
pause-changed-now = Les enfants se tiennent à côté de leurs parents, cerclés ; ce qui a été élagué est un fantôme. Le tableau dit pourquoi chaque changement a été pris. Ensuite, le réseau agrandi s'entraîne.
