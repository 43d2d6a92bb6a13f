### What stands around the panels: the screen's frame, its dialogs about lessons, and the lesson at the left.

## The panels, and what is said above them

screen-network-tab = Red
screen-panel-list = Panel
screen-no-formula = Aquí aparece la fórmula de una estimación, con sus propios números, en cuanto hay candidatos.
screen-dismiss = Descartar
screen-starting = Iniciando
screen-question-hint = «Reproducir» se detiene aquí, para mirar; «Hasta el final» sigue
screen-repair-setup = Abrir los ajustes
screen-repair-take-back = Deshacerlo
screen-repair-again = Reintentar
screen-repair-another = Abrir otro…
screen-recorded = Este experimento está grabado: pulsa «Reproducir» y sigue desde aquí.
screen-first-lesson = Primera lección

## What is told and complained of

screen-no-run = Todavía no hay ningún experimento.
screen-link-copied = El enlace a este experimento está copiado; también está en la barra de direcciones.
screen-link-shown = El enlace a este experimento está en la barra de direcciones: cópialo de ahí.
screen-still-forming = Las estimaciones aún se están formando: expórtalas cuando estén hechas.
screen-looking-at = Examinando { $path }
screen-images-here = { $folder } ya está aquí: elígelo en los ajustes de un nuevo experimento
screen-log-begun = Lo que se hace se escribe en { $path }, hasta que el mismo comando lo termine.
screen-log-ended = El registro ha terminado: { $why }
screen-file-written = { $path } está escrito.
screen-page-saves = { $path }: una página guarda la ficha desde donde se muestra

## What can be dropped on the window

held-title = Suéltalo para tomarlo
held-kinds = Imágenes: { $images }. O { $others }.

## Whether to stop what is under way

stopping-race = ¿Detener la carrera?
stopping-figure = ¿Detener la figura { $number }?
stopping-stage = ¿Detener la etapa «{ $stage }»?
stopping-anything = ¿Detener lo que está en marcha?
stopping-taken = Ha durado { $time } hasta ahora.
stopping-runs-kept = Cada experimento se conserva, y el mismo botón lo reanuda.
stopping-goes-on = «Reproducir» sigue desde ahí.
stopping-begins-again = Volvería a empezar.
stopping-keep-going = Seguir
stopping-keep-going-hint = Escape otra vez hace lo mismo
stopping-now = Detener ya

## The menu of lessons, and the card at the end of one

lessons-title = Lecciones
lessons-minutes = { $count ->
    [one] 1 minuto
   *[other] { $count } minutos
    }
lessons-open = Abrir
lessons-open-named = Abrir la lección { $title }
lessons-own = Una lección tuya (.toml) se abre cuando la sueltas aquí.
lessons-close = Cerrar
lessons-save-png = Guardar como PNG…
lessons-save-text = Guardar como texto…

## The lesson at the left: where it is

guide-step = Paso { $place } de { $count }
guide-leave = Salir
guide-leave-hint = Cerrar la lección; se conserva tal como está
guide-leave-named = Salir de la lección
guide-opening-run = Abriendo el experimento de este paso
guide-another-run = Está abierto un experimento distinto del de este paso.
guide-open-run = Abrir el experimento de la lección
guide-working = En curso: { $stage }
guide-stopped = Detenido antes de que terminara la etapa «{ $stage }».
guide-go-on = Continuar
guide-hint = Pista
guide-show-answer = Mostrar la respuesta
guide-back = Atrás
guide-next = Siguiente
guide-to-card = A mi ficha
guide-no-recording = Este programa no tiene el experimento grabado de esta lección.
guide-not-kept = Tus respuestas no se están guardando: { $why }

## The lesson at the left: its questions

guide-read = Lo he leído
guide-check = Comprobar
guide-keep-order = Dejar este orden
guide-keep = Conservar
guide-done = Hecho.
guide-notices-itself = La aplicación nota por sí sola cuándo está hecho.
guide-start-race = Empezar la carrera de la lección
guide-selected = Selección: { $what }
guide-nothing-selected = Todavía no hay nada seleccionado.
guide-channel = canal { $channel } de { $layer }
guide-none-yet = ninguno todavía
guide-split = Dividirlo
guide-remove = Quitarlo
guide-to-split = Por dividir: { $what }
guide-to-remove = Por quitar: { $what }
guide-your-answer = Tu respuesta
guide-your-sentence = Tu frase
guide-not-a-number = Se encontró «{ $text }», se espera un número, como { $example }.
guide-ticked-by-you = { $most ->
    [one] Marcados por ti: { $count } de 1 cambio como máximo.
   *[other] Marcados por ti: { $count } de { $most } cambios como máximo.
    }
guide-ticked-by-method = { $most ->
    [one] Marcados por el método: { $count } de 1 cambio como máximo.
   *[other] Marcados por el método: { $count } de { $most } cambios como máximo.
    }
guide-ticked-by-you-within = { $most ->
    [one] Marcados por ti: { $count } de 1 cambio como máximo, { $added } de { $allowed } parámetros como máximo.
   *[other] Marcados por ti: { $count } de { $most } cambios como máximo, { $added } de { $allowed } parámetros como máximo.
    }
guide-ticked-by-method-within = { $most ->
    [one] Marcados por el método: { $count } de 1 cambio como máximo, { $added } de { $allowed } parámetros como máximo.
   *[other] Marcados por el método: { $count } de { $most } cambios como máximo, { $added } de { $allowed } parámetros como máximo.
    }
guide-before-growth = Volver a antes del crecimiento
guide-grow = Crecer con estos
