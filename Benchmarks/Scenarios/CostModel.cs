using System.Globalization;
using ChitChatz.Benchmarks.Measuring;
using MathNet.Numerics;
using MathNet.Numerics.LinearRegression;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// What the servers' CPU time is made of: cores = idle + a x sends/s x (gateways that hold the room) + b x deliveries/s, by least squares
/// over loads that differ in messages and in members.
/// </summary>
internal static class CostModel
{
    // Both vary on their own: with the same members everywhere, messages and deliveries could not be told apart. All of it fits into one
    // core, with the client on the other.
    private static readonly int[] s_members = [2, 10, 40];
    private static readonly int[] s_rates = [200, 500, 1_000];

    // Servers that were just started compile for the better part of a minute, and the first loads would bear that.
    private const int SettlingSeconds = 60;

    public static int Run(LoadOptions options, TextWriter output)
    {
        var number = 0;
        List<Point> points = [];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cost: {options.Shape.Rooms} rooms, {options.Urls.Length} gateways, {options.ServerPids.Length} processes"));
        using (OpenLoop settling = new(options with { Shape = options.Shape with { Members = s_members[^1] }, Rate = s_rates[^1], Seconds = SettlingSeconds }, ++number))
            settling.Run();
        output.WriteLine("  members  gateways  sends/s  deliveries/s  server cores  p99 ms");
        for (var round = 0; round < options.Runs; round++)
        {
            // By turns, so that what the machine does beside it falls upon all of them.
            foreach (var (members, rate) in s_members.SelectMany(static members => s_rates.Select(rate => (members, rate))))
            {
                var load = options with { Shape = options.Shape with { Members = members }, Rate = rate };
                using OpenLoop run = new(load, ++number);
                var result = run.Run();
                foreach (var fault in result.Faults.First)
                    output.WriteLine("  FAULT " + fault);
                if (result.Faults.Count > 0)
                    return 1;

                Point point = new(Math.Min(members, options.Urls.Length), members, result);
                points.Add(point);
                output.WriteLine(point);
            }
        }

        Report(points, output);
        return 0;
    }

    private static void Report(List<Point> points, TextWriter output)
    {
        double[] cores = [.. points.Select(static point => point.Cores)];
        var fit = MultipleRegression.QR([.. points.Select(static point => new[] { point.Pushes, point.Deliveries })], cores, intercept: true);
        double[] modelled = [.. points.Select(point => fit[0] + fit[1] * point.Pushes + fit[2] * point.Deliveries)];
        var worst = cores.Zip(modelled, static (real, model) => Math.Abs(model - real) / real).Max();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"fit: idle {fit[0]:0.000} cores, a {fit[1] * 1e6:0.0} us, b {fit[2] * 1e6:0.00} us; R2 {GoodnessOfFit.RSquared(modelled, cores):0.000}, worst point {worst:P0} off"));
    }

    private sealed record Point(int Gateways, int Members, RunResult Result)
    {
        private double Seconds => Result.Measured.Length.TotalSeconds;

        private double Sends => Result.Measured.Sends / Seconds;

        /// <summary>Sends a second, each once for every gateway that holds the room.</summary>
        public double Pushes => Sends * Gateways;

        public double Deliveries => Result.Measured.Deliveries / Seconds;

        public double Cores => Result.Cpu.Server / Seconds;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Members,9}{Gateways,10}{Sends,9:N0}{Deliveries,14:N0}{Cores,14:0.000}{Result.Measured.LatencyMilliseconds(99),8:0.0}");
    }
}
