### Ce qui est dit des réponses d'une leçon, et la carte à sa fin.

lesson-needs-stage = L'expérience doit d'abord avoir passé l'étape { $stage }.
lesson-no-such-change = « { $id } » n'est pas un changement du premier tour de cette expérience.
lesson-read = lu
lesson-choose-a-text = Choisissez l'un des textes.
lesson-two-channels = Choisissez deux canaux différents.
lesson-then = , puis
lesson-tick = { $count } changements sont cochés : cochez-en de 1 à { $most }.
lesson-too-many-parameters = Ceux-ci ajoutent { $added } paramètres : { $most } au plus sont permis.
lesson-short-sentence = Une phrase d'au moins { $words } mots, s'il vous plaît : celle-ci en a { $found }.
lesson-no-answer = Ce n'est pas encore une réponse à cette question.
lesson-done = fait
lesson-run-not-over = L'expérience n'est pas encore terminée.
lesson-stage-not-over = L'étape { $stage } n'est pas encore terminée.
lesson-race-not-over = La course n'est pas encore terminée.
lesson-answer-unknown = La réponse n'est pas connue pour cette expérience.
lesson-estimate-unknown = Aucune estimation n'est connue pour cette expérience.
lesson-scores-unknown = On ne sait pas quels résultats il obtient dans cette expérience.
lesson-joint-unknown = Ce que les changements choisis ont apporté ensemble n'est pas connu pour cette expérience.
lesson-loss-after-growth-unknown = La perte après la croissance n'est pas connue pour cette expérience.
lesson-loss-after-training-unknown = La perte après l'entraînement suivant n'est pas connue pour cette expérience.
lesson-choose-a-change = Choisissez d'abord un changement : ses courbes apparaissent ici.
lesson-never-part = Ici la tangente et la réalité ne se séparent jamais : choisissez un autre changement.
lesson-tick-two = Cochez deux changements ou plus : un seul s'additionne toujours.
lesson-nothing-measured = Rien n'est encore mesuré.
lesson-not-measured = Ce changement n'a pas été mesuré : choisissez-en un autre.
lesson-no-order = Aucun ordre n'est demandé.
lesson-cards-not-measured = Les changements des cartes ne sont pas encore mesurés.
lesson-choose-a-card = Choisissez l'une des six cartes.
lesson-formula-without-estimates = Cette formule n'a pas d'estimations ici.
lesson-race-needs-two = Une course en demande deux.
lesson-not-chosen = L'expérience n'a pas encore choisi.
lesson-not-ticked = Ce ne sont pas les changements cochés.
lesson-not-joint = La stratégie de cette expérience ne choisit pas conjointement.
lesson-choice-not-seen = Le choix de la méthode n'a pas été vu : revenez avant la croissance.
lesson-grow-first = Faites d'abord croître le réseau par vos changements.
lesson-own-changes = Ce sont les changements de la méthode : cochez-en d'autres.
lesson-came-unknown = On ne sait pas ce que cela a donné.
lesson-order-first = Mettez d'abord les cartes en ordre (étape « { $step } »).
lesson-points = { $points } points
lesson-it-is = C'est { $truth }.
lesson-right-at-once = juste du premier coup
lesson-right-later = juste, essai { $tries }
lesson-kept = gardé
lesson-not-yet = pas encore ; c'est { $truth }
lesson-shown = montré : { $truth }
lesson-score = { $right } sur { $all } justes

## Noms des changements ; les verbes sont dans library.ftl.

change-of-channel = { $verb } le canal { $channel } de { $layer }
change-by-channels = { $verb } { $layer } de { $width } canaux
