### What is said of answers in a lesson, and the card at its end.

lesson-needs-stage = The run must have been through the stage { $stage } first.
lesson-no-such-change = "{ $id }" is no change of this run's first round.
lesson-read = read
lesson-choose-a-text = Choose one of the texts.
lesson-two-channels = Choose two different channels.
lesson-then = , then
lesson-tick = { $count } changes are ticked: tick 1 to { $most }.
lesson-too-many-parameters = These add { $added } parameters: at most { $most } are allowed.
lesson-short-sentence = A sentence of { $words } words or more, please: this has { $found }.
lesson-no-answer = That is no answer to this question yet.
lesson-done = done
lesson-run-not-over = The run has not come to its end yet.
lesson-stage-not-over = The stage { $stage } is not over yet.
lesson-race-not-over = The race has not been run to its end yet.
lesson-answer-unknown = The answer is not known of this run.
lesson-estimate-unknown = An estimate is not known of this run.
lesson-scores-unknown = How well it does is not known of this run.
lesson-joint-unknown = What came of the chosen changes together is not known of this run.
lesson-loss-after-growth-unknown = The loss after the growth is not known of this run.
lesson-loss-after-training-unknown = The loss after the next training is not known of this run.
lesson-choose-a-change = Choose a change first: its curves appear here.
lesson-never-part = Here tangent and truth never part: choose another change.
lesson-tick-two = Tick two changes or more: one alone always adds up.
lesson-nothing-measured = Nothing is measured yet.
lesson-not-measured = This change was not measured: choose another.
lesson-no-order = No order is asked for.
lesson-cards-not-measured = The cards' changes are not measured yet.
lesson-choose-a-card = Choose one of the six cards.
lesson-formula-without-estimates = This formula has no estimates here.
lesson-race-needs-two = A race needs two.
lesson-not-chosen = The run has not chosen yet.
lesson-not-ticked = These are not the changes that are ticked.
lesson-not-joint = This run's strategy does not choose jointly.
lesson-choice-not-seen = The method's own choice was not seen: go back to before the growth.
lesson-grow-first = Grow by your changes first.
lesson-own-changes = These are the method's own changes: tick others.
lesson-came-unknown = What came of it is not known.
lesson-order-first = Put the cards in order first (step "{ $step }").
lesson-points = { $points } points
lesson-it-is = It is { $truth }.
lesson-right-at-once = right at once
lesson-right-later = right, try { $tries }
lesson-kept = kept
lesson-not-yet = not yet; it is { $truth }
lesson-shown = shown: { $truth }
lesson-score = { $right } of { $all } right

## Names of changes; the verbs are in library.ftl.

change-of-channel = { $verb } channel { $channel } of { $layer }
change-by-channels = { $verb } { $layer } by { $width } channels
