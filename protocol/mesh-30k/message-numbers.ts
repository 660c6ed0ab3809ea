/** Numbers the messages of one process, so that no id is ever given out twice: not by a role after another, nor after a crash. */
import { MESSAGE_SEQUENCES } from "./messages.js";

/** Messages of one process between two crashes: hours of the busiest, and room for 256 processes at an address. */
const MESSAGES_OF_PROCESS = MESSAGE_SEQUENCES / 256;

export class MessageNumbers {
  constructor(private sequence: number) {}

  /** @param process how many processes there have been at the address, this one included */
  static ofProcess(process: number): MessageNumbers {
    return new MessageNumbers(((process - 1) * MESSAGES_OF_PROCESS) % MESSAGE_SEQUENCES);
  }

  next(): number {
    return this.sequence++;
  }
}
