/** The shortest configs that work, and the commands that write longer ones. They stand in messages and in the help. */
export const SHORTEST = {
  zoo: {
    config: '{ "data": "mnist", "groups": [{ "architecture": "lenet-like-1x28x28-10-w0.25", "seeds": 2, "lengths": [0.5, 1] }] }',
    command: 'netspace init zoo',
  },
  shapes: { config: '{ "kind": "shapes", "meshes": "my-meshes" }', command: 'netspace init shapes' },
  space: { config: '{ "zoo": "zoo", "data": "mnist", "steps": 3000 }', command: 'netspace init space --zoo DIR' },
} as const;
