// local: values of variables at the trap, where debug information of this build was given. They are an
// independent reading of the same registers that machine.ts reads: both must agree where both speak.

import { text } from "#base/text.ts";
import type { LocalFact } from "#model/fact.ts";
import type { EventFactRule } from "./fact-rule.ts";
import { position } from "./proof.ts";

export const locals: EventFactRule = {
  id: "local",
  needs: [],
  compute: (event, context) =>
    (context.locals.get(event.id) ?? []).flatMap((local): readonly LocalFact[] =>
      local.bits === undefined
        ? []
        : [
            {
              kind: "local",
              function: local.function,
              name: local.name,
              bits: local.bits,
              where: local.where,
              events: [event.id],
              evidence: [
                {
                  ...position(event),
                  how: text(
                    `debug information: ${local.name} = ${local.bits} in ${local.function} (${local.where})`,
                    `调试信息：${local.function} 中 ${local.name} = ${local.bits}（${local.where}）`,
                  ),
                },
              ],
              ...(event.cpu === undefined ? {} : { cpu: event.cpu }),
            },
          ],
    ),
};
