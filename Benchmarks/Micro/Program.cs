using BenchmarkDotNet.Running;
using ChitChatz.Benchmarks.Micro;

if (args is ["--quick"])
    return SmokeRun.Run(Console.Out);

// Without arguments BenchmarkDotNet would ask which.
BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly).Run(args is [] ? ["--filter", "*"] : args, MicroConfig.Measuring);
return 0;
