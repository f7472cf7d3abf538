import '@tensorflow/tfjs-backend-webgpu';
import '@netspace/kernels/webgpu';
