using System.Globalization;

namespace ChitChatz.Chaos.Faults;

/// <summary>One kill.</summary>
/// <param name="At">When, since the plan began.</param>
/// <param name="Targets">Who; several die at once.</param>
/// <param name="Down">How long until they are started again.</param>
public sealed record Kill(TimeSpan At, IReadOnlyList<string> Targets, TimeSpan Down)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,6:0.0} s  kill {string.Join(", ", Targets)}, start after {Down.TotalSeconds:0.0} s");
}

/// <summary>Who is killed when, from a seed: the same seed gives the same plan.</summary>
/// <param name="Kills">In the order of time.</param>
/// <param name="Length">Until the last one is started again.</param>
public sealed record FaultPlan(IReadOnlyList<Kill> Kills, TimeSpan Length)
{
    /// <summary>
    /// A kill every 5 to 15 s, of one part, which is started again after 1 to 10 s; some of them, evenly spread, of everything at once. A
    /// part that is down is not killed, and of each kind (the name up to its hyphen) that has several, one is left, but for everything at once.
    /// </summary>
    /// <param name="seed">The seed.</param>
    /// <param name="parts">The parts' names, such as <c>silo-1</c> and <c>store</c>.</param>
    /// <param name="kills">How many kills.</param>
    /// <param name="everything">How many of them are of everything at once.</param>
    public static FaultPlan Make(int seed, IReadOnlyList<string> parts, int kills, int everything)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kills);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(everything, kills);
        var random = new Random(seed);
        var upAgain = parts.ToDictionary(static part => part, static _ => 0.0);
        List<Kill> plan = [];
        var at = 0.0;
        for (var n = 0; n < kills; n++)
        {
            at += 5 + 10 * random.NextDouble();
            var down = 1 + 9 * random.NextDouble();
            var total = everything > 0 && (n + 1) * everything / kills > n * everything / kills;
            if (total)
                at = Math.Max(at, upAgain.Values.Max() + 1);
            string[] targets = total ? [.. parts] : [Choose(random, parts, part => upAgain[part] <= at)];
            foreach (var target in targets)
                upAgain[target] = at + down;
            plan.Add(new Kill(TimeSpan.FromSeconds(at), targets, TimeSpan.FromSeconds(down)));
            if (total)
                at += down;
        }

        return new FaultPlan(plan, plan.Max(static kill => kill.At + kill.Down));
    }

    private static string Choose(Random random, IReadOnlyList<string> parts, Func<string, bool> isUp)
    {
        string[] free = [.. parts.GroupBy(KindOf)
            .Where(kind => kind.Count() == 1 || kind.Count(isUp) > 1)
            .SelectMany(kind => kind.Where(isUp))];

        // The last of each of two kinds may be all that is up; then it has to be one of those.
        if (free.Length == 0)
            free = [.. parts.Where(isUp)];
        return free[random.Next(free.Length)];
    }

    private static string KindOf(string part) => part.Split('-')[0];
}
