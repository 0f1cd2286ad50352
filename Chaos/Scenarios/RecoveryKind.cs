namespace ChitChatz.Chaos.Scenarios;

/// <summary>Whose gaps are measured together.</summary>
internal enum Side
{
    /// <summary>Rooms that the silo had, or users of the gateway.</summary>
    Victims,

    /// <summary>Everybody else.</summary>
    Others,
}

/// <summary>A kind of fault, and how long it may keep whom waiting.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Silo">A silo is its victim.</param>
/// <param name="Gateway">A gateway is its victim.</param>
/// <param name="Budgets">Seconds, where there is a budget.</param>
internal sealed record RecoveryKind(string Name, bool Silo, bool Gateway, params (Side Side, double Seconds)[] Budgets)
{
    public const string Kill = "silo-kill";
    public const string Freeze = "silo-freeze";
    public const string Stop = "silo-stop";
    public const string GatewayKill = "gateway-kill";
    public const string Both = "silo-and-gateway";
    public const string Store = "store-restart";
    public const string Everything = "everything";

    /// <summary>All kinds, in the order in which they are run.</summary>
    public static IReadOnlyList<RecoveryKind> All { get; } =
    [
        new(Kill, true, false, (Side.Victims, 2), (Side.Others, 1)),
        new(Freeze, true, false, (Side.Victims, 10), (Side.Others, 10)),
        new(Stop, true, false, (Side.Victims, 0.5), (Side.Others, 0.5)),
        new(GatewayKill, false, true, (Side.Victims, 2)),
        new(Both, true, true, (Side.Others, 4)),
        new(Store, false, false),
        new(Everything, false, false),
    ];
}
