### Los paneles de los candidatos: gráfico de ganancias estimadas y reales, tabla, motivos, predicciones, promesas, resultados, fórmulas, y para qué se detiene la reproducción.

## Estimado y real

cloud-none = Aún no hay candidatos.
cloud-none-next = Pulsa «Reproducir»: tras el primer entrenamiento se listan los cambios posibles de la red, y cada uno recibe un punto aquí.
cloud-unestimated = { $count } candidatos, aún sin estimar.
cloud-unestimated-next = Las próximas etapas aprenden cada cambio y predicen su ganancia; entonces aparecen aquí los puntos.
cloud-forming = En formación: lo que la fórmula prevé en imágenes de entrenamiento mientras se aprende cada cambio.
cloud-unmeasured = Aún sin medir: hasta entonces, los puntos están en la línea de ganancia real 0.
cloud-predict-hint = Ocultar todas las ganancias en cuanto estén estimadas, poner seis cambios en el orden que esperas y luego comparar
cloud-predict-next = La reproducción se detiene ahí y te pregunta.
cloud-formula = Fórmula
cloud-formula-hint = La fórmula con la que se estiman las ganancias
cloud-learned-by = { $formula } (aprendizaje)
cloud-all-formulas = Todas las fórmulas
cloud-all-formulas-hint = Las estimaciones de todas las fórmulas para todos los candidatos a la vez
cloud-family-hint = Mostrar esta familia
cloud-family-numbers-hint = Mostrar esta familia. { $count } candidatos, r { $r }, pendiente { $slope }
cloud-count-hint = Candidatos
cloud-pearson-hint = Correlación de Pearson: ¿están en una recta? 1 es perfecto
cloud-spearman-hint = Correlación de rangos de Spearman: ¿están en el mismo orden? 1 es perfecto
cloud-slope = pendiente
cloud-slope-hint = Ganancia real por ganancia estimada: 1 es perfecto
cloud-round = Ronda { $round }
cloud-gains = Ganancias
cloud-gains-hint = Lo que ayuda, en una escala uniforme
cloud-all = Todas
cloud-all-hint = También lo que perjudica, en una escala estirada
cloud-outside = { $scale }; { $count } que perjudican más quedan fuera
cloud-axis-estimated = ganancia estimada
cloud-axis-actual = ganancia real
cloud-axis-end = ganancia al final
cloud-at-once-hint = Lo que cada cambio ganó enseguida, antes de todo entrenamiento
cloud-in-the-end-hint = Lo que valía cada cambio seguido tras el próximo entrenamiento, frente a una gemela de la red sin él
cloud-in-the-end = al final: { $gain }
cloud-plot = Ganancias estimadas y ganancias reales
cloud-estimated-by = estimado por { $formula }: { $gain }
cloud-actual = real: { $gain }
cloud-actual-unknown = real: no se conoce
cloud-error = error: { $gain }
cloud-first-layer = primera capa
cloud-last-layer = última capa
cloud-chosen = elegido
cloud-right = la fórmula acierta

## Tabla

table-none-next = La etapa «Proponer» los lista, tras el primer entrenamiento.
table-filter = Filtro, p. ej. conv2
table-filter-name = Filtrar candidatos
table-show-family = Mostrar la familia { $family }
table-chosen = { $count } elegidos; suma de ganancias individuales, imágenes de validación: { $gain }.
table-tick = Marca otros para elegir tú.
table-empty = Ningún candidato con ese nombre. Vacía el filtro, o muestra más familias.
table-boxes = Columna de casillas para elegir
table-column = Columna { $name }
table-box = Casilla de { $candidate }
table-cell = { $column } de { $candidate }
table-choose = Elegir { $candidate }
table-candidate = Candidato
table-candidate-hint = Lo que cambiaría
table-why = Motivo
table-why-hint = Por qué se eligió o no
table-estimated = Estimada
table-estimated-hint = Ganancia según la fórmula
table-actual = Real
table-actual-hint = Ganancia al hacerlo de verdad
table-error = Error
table-error-hint = Real menos estimada
table-parameters = Parámetros
table-parameters-hint = Cuántos añade
table-scale = Paso
table-scale-hint = Hasta dónde ir en la dirección aprendida; 0 no merece la pena

## Por qué un candidato se tomó o se descartó

why-by-you = elegido por ti
why-by-you-hint = El método lo había descartado
why-dropped = descartado por ti
why-dropped-hint = El método lo había elegido
why-chosen = elegido
why-chosen-hint = La red crece con él
why-adds = elegido: añade { $adds }
why-adds-hint = En las imágenes de validación, la elección ganaría { $adds } menos sin él; solo, gana { $gained }
why-no-step = ningún paso ayuda
why-no-step-hint = En las imágenes de validación, el mejor paso en su dirección es ninguno
why-no-help = no ayudaría
why-no-help-hint = No reduciría la pérdida de validación
why-costs = cuesta más de lo que aporta
why-costs-hint = Gana { $gained } en las imágenes de validación; su coste exige { $needs }
why-not-beside = no junto a { $other }
why-not-beside-hint = Él y { $other } cambian el mismo lugar; se tomó el otro
why-layer-needs = su capa lo necesita
why-layer-needs-hint = Su capa perdería su último canal, o los dos se excluyen
why-little = añade solo { $adds } más
why-little-hint = Solo, gana { $gained } en las imágenes de validación, pero lo ya tomado repara los mismos errores: además de eso añade { $adds }
why-training = también lo da el entrenamiento
why-training-hint = Añadiría { $adds }, pero entrenar los pesos que ya hay también lo aporta
why-full = no queda sitio
why-full-hint = La ronda tiene tantos cambios como permite budget.max-candidates
why-budget = supera el presupuesto
why-budget-hint = La red crecida sería mayor de lo que permite el presupuesto
why-not-tried = sin probar
why-not-tried-hint = La elección terminó antes de que le tocara
why-none-helped = juntos no ayudan
why-none-helped-hint = Todos los cambios con ganancia estimada se probaron juntos, con varias longitudes, y nada redujo la pérdida de validación

## Predecir antes

predict-first = Predecir antes
predict-plot = Al gráfico
predict-plot-hint = Cerrar las tarjetas y mostrar cada estimación frente a su ganancia real
predict-stop = Parar
predict-stop-hint = Mostrar todo sin respuesta
predict-question = ¿Cuál de estos cambios reduce más la pérdida en las imágenes reservadas? Ponlo arriba: arrastra las tarjetas, o pulsa «Subir» y «Bajar». Al señalar una tarjeta se ilumina su celda; un clic muestra su filtro.
predict-reveal = Revelar
predict-unmeasured = Pulsa «Reproducir»: primero se hacen y se miden los cambios.
predict-card = Tarjeta { $place }: { $change }
predict-up = Subir
predict-down = Bajar
predict-you = tú
predict-you-hint = Tu puesto
predict-change = cambio
predict-formula = fórmula
predict-formula-hint = El puesto según su ganancia estimada
predict-truth = verdad
predict-truth-hint = El puesto según su ganancia real
predict-gain = ganancia real
predict-gain-hint = Cuánto bajó la pérdida en las imágenes reservadas, en nats
predict-score = Pusiste { $person } de { $pairs } pares en el orden correcto, la fórmula { $formula }.

## Lo que los cambios elegidos prometen juntos

promises-summed = suma por separado
promises-summed-hint = Demasiado: los cambios hechos juntos reparan los mismos errores
promises-joint = estimación conjunta
promises-joint-hint = Lo que la red linealizada prevé para todos a la vez
promises-came = resultado real
promises-came-hint = Lo que la red crecida gana de verdad; se sabe cuando se ha probado o hecho
promises-unknown = aún no se sabe

## Lo que dieron las elecciones

outcomes-by-you = Elegiste { $count }: juntos ganaron { $gain } en las imágenes reservadas antes de todo entrenamiento.
outcomes-by-method = El método eligió { $count }: juntos ganaron { $gain } en las imágenes reservadas antes de todo entrenamiento.
outcomes-again-hint = Deshaz, elige otra cosa y haz crecer de nuevo para comparar.

## La fórmula con los números de un candidato

explain-first-order = ganancia ≈ −media a: solo la pendiente
explain-rank1 = ganancia ≈ −media (a + a²/4L): la pendiente, y la menor curvatura que encaja con ella
explain-gauss-newton = ganancia ≈ −media (a + ½(Σp·d² − (Σp·d)²)): la pendiente, y la curvatura del softmax
explain-sampled = ganancia ≈ −media (a + ½(ĝ·Δz)²): la pendiente, y la curvatura con una etiqueta sorteada por imagen
explain-linearised = ganancia ≈ media L − media (logsumexp(o + d) − (o + d) en y): la pérdida verdadera de los logits desplazados
explain-symbols-hint = a es la pendiente de la pérdida a lo largo del cambio, d el cambio de los logits, p el softmax, L la pérdida
explain-hidden = Las ganancias están ocultas hasta que ordenes las tarjetas.
explain-slope = { $formula }, paso { $scale }:  ganancia de primer orden { $slope }
explain-sum = { $formula }, paso { $scale }:  ganancia de primer orden { $slope }  { $sign } coste de curvatura { $cost }  =  { $estimate }
explain-actual = real { $actual }     error { $error }
explain-point = Señala una celda, un punto o una fila para ver sus números en la fórmula.
explain-unestimated = Aún sin estimar.

## Para qué se detiene la reproducción

pause-expect = ¿Qué esperas?
pause-expect-now = { $count } cambios tienen una ganancia estimada, y aún no se ha hecho ninguno. Merece la pena dividir las celdas rojas; las azules pueden irse. ¿Acertará la fórmula? Pulsa «Predecir antes» para apostar contra ella, o «Reproducir» para medir.
pause-right = ¿Acertó la fórmula?
pause-right-now = Los puntos en la diagonal son cambios que ganaron lo previsto. Haz clic en el que esté más lejos de ella, y lee sus números debajo.
pause-changed = ¿Qué ha cambiado?
pause-changed-nothing = Nada valía su coste: la red queda como está, y sigue entrenando.
pause-changed-now = Los hijos están junto a sus padres, con un anillo; lo podado es un fantasma. La tabla dice por qué se tomó cada cambio. Después entrena la red crecida.
