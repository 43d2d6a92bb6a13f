### Lo que se dice de las respuestas de una lección, y la tarjeta a su final.

lesson-needs-stage = El experimento debe pasar antes por la etapa { $stage }.
lesson-no-such-change = «{ $id }» no es un cambio de la primera ronda de este experimento.
lesson-read = leído
lesson-choose-a-text = Elige uno de los textos.
lesson-two-channels = Elige dos canales distintos.
lesson-then = , luego
lesson-tick = { $count } cambios marcados: marca de 1 a { $most }.
lesson-too-many-parameters = Estos añaden { $added } parámetros: se permiten { $most } como máximo.
lesson-short-sentence = Una frase de { $words } palabras o más, por favor: esta tiene { $found }.
lesson-no-answer = Eso aún no responde a esta pregunta.
lesson-done = hecho
lesson-run-not-over = El experimento aún no ha terminado.
lesson-stage-not-over = La etapa { $stage } aún no ha terminado.
lesson-race-not-over = La carrera aún no ha terminado.
lesson-answer-unknown = De este experimento no se conoce la respuesta.
lesson-estimate-unknown = De este experimento no se conoce ninguna estimación.
lesson-scores-unknown = De este experimento no se sabe qué tan bien lo hace.
lesson-joint-unknown = De este experimento no se sabe qué aportaron juntos los cambios elegidos.
lesson-loss-after-growth-unknown = De este experimento no se conoce la pérdida tras el crecimiento.
lesson-loss-after-training-unknown = De este experimento no se conoce la pérdida tras el siguiente entrenamiento.
lesson-choose-a-change = Elige antes un cambio: sus curvas aparecen aquí.
lesson-never-part = Aquí la tangente y la realidad nunca se separan: elige otro cambio.
lesson-tick-two = Marca dos cambios o más: uno solo siempre suma.
lesson-nothing-measured = Aún no se ha medido nada.
lesson-not-measured = Este cambio no se midió: elige otro.
lesson-no-order = No se pide ningún orden.
lesson-cards-not-measured = Los cambios de las tarjetas aún no se han medido.
lesson-choose-a-card = Elige una de las seis tarjetas.
lesson-formula-without-estimates = Esta fórmula no tiene estimaciones aquí.
lesson-race-needs-two = Una carrera necesita dos.
lesson-not-chosen = El experimento aún no ha elegido.
lesson-not-ticked = Estos no son los cambios marcados.
lesson-not-joint = La estrategia de este experimento no elige conjuntamente.
lesson-choice-not-seen = No se vio la elección propia del método: vuelve a antes del crecimiento.
lesson-grow-first = Haz crecer antes la red con tus cambios.
lesson-own-changes = Estos son los cambios del método: marca otros.
lesson-came-unknown = No se sabe qué resultó de ello.
lesson-order-first = Ordena antes las tarjetas (paso «{ $step }»).
lesson-points = { $points } puntos
lesson-it-is = Es { $truth }.
lesson-right-at-once = bien a la primera
lesson-right-later = bien, intento { $tries }
lesson-kept = guardado
lesson-not-yet = todavía no; es { $truth }
lesson-shown = mostrado: { $truth }
lesson-score = { $right } de { $all } bien

## Nombres de los cambios; los verbos están en library.ftl.

change-of-channel = { $verb } el canal { $channel } de { $layer }
change-by-channels = { $verb } { $layer } en { $width } canales
