using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Rooms;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

/// <summary>Gateways that number their changes, lose answers, repeat and fall silent: after an introduction or a renewal both sides agree.</summary>
public sealed class RoomMembersPropertyTests
{
    private static readonly GatewayId[] Gateways = [GatewayId.New(), GatewayId.New()];

    private static readonly Gen<(int Gateway, int Action, int Connection)> Steps = Gen.Select(Gen.Int[0, 1], Gen.Int[0, 5], Gen.Int[1, 4]);

    [Fact]
    public void Members_WhenChangesAreLostOrRepeated_AgreeAfterARenewal() => Steps.Array[0, 60].Sample(steps =>
    {
        FakeTimeProvider time = new();
        RoomMembers members = new(time, new RoomLimits());
        HashSet<long>[] sets = [[], []];
        long[] numbers = [0, 0];
        foreach ((int g, int action, int connection) in steps)
        {
            switch (action)
            {
                case 0 or 1 or 2:
                    bool enters = action != 2;
                    if (enters ? !sets[g].Add(connection) : !sets[g].Remove(connection))
                        break;

                    MembershipChange change = enters
                        ? Enter(Gateways[g], numbers[g] + 1, connection)
                        : Change(Gateways[g], numbers[g] + 1, [], new Departure(connection, false));
                    if (!members.TryChange(change, out _))
                        Introduce(members, g, numbers[g], sets[g]);
                    else if (action == 1)
                        members.TryChange(change, out _);

                    // Introduced with the number before, the same change comes once more.
                    members.TryChange(change, out _);
                    numbers[g]++;
                    break;
                case 3:
                    time.Advance(TimeSpan.FromSeconds(13));
                    members.Expire();
                    break;
                case 4:
                    if (!members.TryRenew(new LeaseRenewal(Gateways[g], numbers[g], sets[g].Count)))
                        Introduce(members, g, numbers[g], sets[g]);
                    break;
                default:
                    Introduce(members, g, numbers[g], sets[g]);
                    break;
            }

            Assert.Equal(members.Gateways.Sum(gateway => gateway.Count), members.Count);
        }

        for (int g = 0; g < 2; g++)
        {
            if (!members.TryRenew(new LeaseRenewal(Gateways[g], numbers[g], sets[g].Count)))
                Introduce(members, g, numbers[g], sets[g]);

            GatewayMembers known = members.Touch(Gateways[g], numbers[g])!;
            Assert.Equal(sets[g].Order(), known.Members.Select(member => member.Connection).Order());
        }

        Assert.Equal(sets[0].Count + sets[1].Count, members.Count);
    });

    private static void Introduce(RoomMembers members, int gateway, long number, HashSet<long> set) =>
        members.Introduce(new Introduction(Gateways[gateway], number, "Lobby", 0, [.. set.Select(connection => Member(connection))]));
}
