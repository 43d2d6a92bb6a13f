### What stands around the panels: the screen's frame, its dialogs about lessons, and the lesson at the left.

## The panels, and what is said above them

screen-network-tab = Network
screen-panel-list = Panel
screen-no-formula = The formula of an estimate appears here, with its own numbers, once there are candidates.
screen-dismiss = Dismiss
screen-starting = Starting
screen-question-hint = Play stops here, for a look; Run through goes on
screen-repair-setup = Open the setup
screen-repair-take-back = Take it back
screen-repair-again = Try again
screen-repair-another = Open another…
screen-recorded = This run was recorded: press Play, and it goes on from here.
screen-first-lesson = First lesson

## What is told and complained of

screen-no-run = There is no run yet.
screen-link-copied = The link to this run is copied; it is in the address bar too.
screen-link-shown = The link to this run is in the address bar: copy it from there.
screen-still-forming = The estimates are still forming: export them once they are made.
screen-looking-at = Looking at { $path }
screen-images-here = { $folder } is here: choose it in the setup of a new run
screen-log-begun = What is done is written to { $path }, until the same command ends it.
screen-log-ended = The log has ended: { $why }
screen-file-written = { $path } is written.
screen-page-saves = { $path }: a page saves the card from where it is shown

## What can be dropped on the window

held-title = Drop it to take it
held-kinds = Images: { $images }. Or { $others }.

## Whether to stop what is under way

stopping-race = Stop the race?
stopping-figure = Stop the figure { $number }?
stopping-stage = Stop the stage { $stage }?
stopping-anything = Stop what is under way?
stopping-taken = It has taken { $time } so far.
stopping-runs-kept = Every run is kept, and the same button resumes it.
stopping-goes-on = Play takes it up again from there.
stopping-begins-again = It would begin again.
stopping-keep-going = Keep going
stopping-keep-going-hint = Escape again does the same
stopping-now = Stop now

## The menu of lessons, and the card at the end of one

lessons-title = Lessons
lessons-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
    }
lessons-open = Open
lessons-open-named = Open the lesson { $title }
lessons-own = A lesson of your own (.toml) opens when you drop it here.
lessons-close = Close
lessons-save-png = Save as PNG…
lessons-save-text = Save as text…

## The lesson at the left: where it is

guide-step = Step { $place } of { $count }
guide-leave = Leave
guide-leave-hint = Close the lesson; it is kept as it is
guide-leave-named = Leave the lesson
guide-opening-run = Opening the run of this step
guide-another-run = Another run is open than the one of this step.
guide-open-run = Open the lesson's run
guide-working = Working: { $stage }
guide-stopped = Stopped before the stage { $stage } was over.
guide-go-on = Go on
guide-hint = Hint
guide-show-answer = Show the answer
guide-back = Back
guide-next = Next
guide-to-card = To my card
guide-no-recording = This program does not have the recorded run of this lesson.
guide-not-kept = Your answers are not being kept: { $why }

## The lesson at the left: its questions

guide-read = I have read it
guide-check = Check
guide-keep-order = Keep this order
guide-keep = Keep this
guide-done = Done.
guide-notices-itself = The app notices by itself when it is done.
guide-start-race = Start the lesson's race
guide-selected = Selected: { $what }
guide-nothing-selected = Nothing is selected yet.
guide-channel = channel { $channel } of { $layer }
guide-none-yet = none yet
guide-split = Split it
guide-remove = Remove it
guide-to-split = To split: { $what }
guide-to-remove = To remove: { $what }
guide-your-answer = Your answer
guide-your-sentence = Your sentence
guide-not-a-number = Found "{ $text }", expected a number, such as { $example }.
guide-ticked-by-you = { $most ->
    [one] Ticked by you: { $count } of at most 1 change.
   *[other] Ticked by you: { $count } of at most { $most } changes.
    }
guide-ticked-by-method = { $most ->
    [one] Ticked by the method: { $count } of at most 1 change.
   *[other] Ticked by the method: { $count } of at most { $most } changes.
    }
guide-ticked-by-you-within = { $most ->
    [one] Ticked by you: { $count } of at most 1 change, { $added } of at most { $allowed } parameters.
   *[other] Ticked by you: { $count } of at most { $most } changes, { $added } of at most { $allowed } parameters.
    }
guide-ticked-by-method-within = { $most ->
    [one] Ticked by the method: { $count } of at most 1 change, { $added } of at most { $allowed } parameters.
   *[other] Ticked by the method: { $count } of at most { $most } changes, { $added } of at most { $allowed } parameters.
    }
guide-before-growth = Back to before the growth
guide-grow = Grow by these
