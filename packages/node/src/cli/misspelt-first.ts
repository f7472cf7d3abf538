import type { Command, Option } from 'commander';

/** What commander calls on a command, but does not list among its types. */
interface Complaints {
  missingMandatoryOptionValue(option: Option): void;
  unknownOption(flag: string): void;
}

/**
 * Lets a misspelt option be named before one that is missing: the missing one is often the misspelt one. Commander looks for what is missing
 * first, and keeps what it does not know among the command's arguments.
 */
export function nameMisspeltFirst(command: Command): void {
  const complaints = command as Command & Complaints;
  const missing = complaints.missingMandatoryOptionValue.bind(command);
  complaints.missingMandatoryOptionValue = (option) => {
    const unknown = command.args.find((word) => /^--?[a-z]/i.test(word));
    if (unknown !== undefined) complaints.unknownOption(unknown.split('=')[0]!);
    missing(option);
  };
}
