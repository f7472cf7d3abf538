#!/usr/bin/env node
import '@netspace/node/cli';
