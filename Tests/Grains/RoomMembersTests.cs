using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Rooms;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

public sealed class RoomMembersTests
{
    private static readonly GatewayId One = GatewayId.New();
    private static readonly GatewayId Two = GatewayId.New();

    private readonly FakeTimeProvider _time = new();
    private readonly RoomMembers _members;

    public RoomMembersTests() => _members = new RoomMembers(_time, new RoomLimits());

    [Fact]
    public void TryChange_WhenGatewayIsUnknownAndNumberIsOne_Applies()
    {
        Assert.True(_members.TryChange(Enter(One), out long[] refused));
        Assert.Empty(refused);
        Assert.Equal(1, _members.Count);
    }

    [Fact]
    public void TryChange_WhenGatewayIsUnknownAndNumberIsLater_AsksForIntroduction()
    {
        Assert.False(_members.TryChange(Enter(One, 2), out _));
        Assert.Equal(0, _members.Count);
        Assert.Empty(_members.Gateways);
    }

    [Fact]
    public void TryChange_WhenANumberIsSkipped_AsksForIntroductionAndChangesNothing()
    {
        _members.TryChange(Enter(One), out _);
        Assert.False(_members.TryChange(Enter(One, 3, connection: 2), out _));
        Assert.Equal(1, _members.Count);
    }

    [Fact]
    public void TryChange_WhenNumberIsOlder_AnswersFromThePresentState()
    {
        _members.TryChange(Enter(One), out _);
        _members.TryChange(Change(One, 2, [Arrival(2, "bob")], new Departure(1, false)), out _);

        Assert.True(_members.TryChange(Enter(One, 1, connection: 1), out long[] refused));
        Assert.Equal([1], refused);
        Assert.Equal(1, _members.Count);
    }

    [Fact]
    public void TryChange_WhenRepeated_RefusesAgainWhoWasRefused()
    {
        MembershipChange change = Change(One, 1, [Arrival(1), Arrival(2, "bob", onlyIfLost: true)]);
        _members.TryChange(change, out long[] first);
        _members.TryChange(change, out long[] second);
        Assert.Equal([2], first);
        Assert.Equal([2], second);
        Assert.Equal(1, _members.Count);
    }

    [Fact]
    public void TryChange_WhenGatewayStartsAnew_DropsWhatItHad()
    {
        _members.TryChange(Enter(One), out _);

        Assert.True(_members.TryChange(Enter(One, NewStay, connection: 9), out long[] refused));
        Assert.Empty(refused);
        Assert.Equal(1, _members.Count);
        Assert.NotNull(_members.Touch(One, NewStay));
        Assert.True(Assert.Single(_members.Gateways).Has(9));
    }

    [Fact]
    public void TryChange_WhenTheFirstOfAnEarlierStayComesLate_ChangesNothing()
    {
        _members.TryChange(Enter(One), out _);
        _members.TryChange(Change(One, 2, [], new Departure(1, false)), out _);
        Assert.True(_members.TryChange(Enter(One), out long[] refused));
        Assert.Equal([1L], refused);
        Assert.Equal(0, _members.Count);
    }

    [Fact]
    public void TryChange_WhenArrivalIsInAndDepartureIsOut_IgnoresThem()
    {
        _members.TryChange(Enter(One), out _);
        Assert.True(_members.TryChange(Change(One, 2, [Arrival(1)], new Departure(7, true)), out long[] refused));
        Assert.Empty(refused);
        Assert.Equal(1, _members.Count);
    }

    [Fact]
    public void TryChange_WhenArrivalDepartsInTheSameChange_LeavesNobody()
    {
        Assert.True(_members.TryChange(Change(One, 1, [Arrival(1)], new Departure(1, false)), out _));
        Assert.Equal(0, _members.Count);
    }

    [Theory]
    [InlineData(true, 0, true)]
    [InlineData(true, 119, true)]
    [InlineData(true, 120, false)]
    [InlineData(false, 0, false)]
    public void TryChange_WhenOnlyIfLost_AdmitsForTwoMinutesWhoWasLost(bool lost, int secondsLater, bool admitted)
    {
        _members.TryChange(Enter(One), out _);
        _members.TryChange(Change(One, 2, [], new Departure(1, lost)), out _);
        _time.Advance(TimeSpan.FromSeconds(secondsLater));

        _members.TryChange(Change(Two, 1, [Arrival(5, "ann", onlyIfLost: true)]), out long[] refused);
        Assert.Equal(admitted, refused.Length == 0);
        Assert.Equal(admitted ? 1 : 0, _members.Count);
    }

    [Fact]
    public void TryChange_WhenOnlyIfLostAndHolderLeftOnPurposeLater_Refuses()
    {
        _members.TryChange(Change(One, 1, [Arrival(1), Arrival(2)], new Departure(1, true)), out _);
        _members.TryChange(Change(One, 2, [], new Departure(2, false)), out _);
        _members.TryChange(Change(Two, 1, [Arrival(5, "ann", onlyIfLost: true)]), out long[] refused);
        Assert.Equal([5], refused);
    }

    [Fact]
    public void TryChange_WhenOnlyIfLostAndHolderIsStillHere_Refuses()
    {
        _members.TryChange(Enter(One), out _);
        _members.TryChange(Change(Two, 1, [Arrival(5, "ann", onlyIfLost: true)]), out long[] refused);
        Assert.Equal([5], refused);
    }

    [Fact]
    public void TryChange_WhenOnlyIfLostAndHoldersGatewayIsSilent_Admits()
    {
        _members.TryChange(Enter(One), out _);
        _time.Advance(TimeSpan.FromSeconds(10));
        _members.TryChange(Change(Two, 1, [Arrival(5, "ann", onlyIfLost: true), Arrival(6, "eve", onlyIfLost: true)]), out long[] refused);
        Assert.Equal([6], refused);
        Assert.Equal(2, _members.Count);
    }

    [Fact]
    public void Introduce_WhenGatewayIsKnown_ReplacesItsMembers()
    {
        _members.TryChange(Change(One, 1, [Arrival(1), Arrival(2, "bob")]), out _);
        _members.TryChange(Enter(Two), out _);
        _members.Introduce(new Introduction(One, 7, "Lobby", 0, [Member(2, "bob"), Member(3, "cid")]));

        Assert.Equal(3, _members.Count);
        Assert.False(_members.Touch(One, 7)!.Has(1, "ann"));
        Assert.True(_members.Touch(One, 7)!.Has(3, "cid"));
    }

    [Fact]
    public void Introduce_WhenSomebodyIsMissing_DoesNotCountThemLost()
    {
        _members.TryChange(Enter(One), out _);
        _members.Introduce(new Introduction(One, 1, "Lobby", 0, []));
        _members.TryChange(Change(Two, 1, [Arrival(5, "ann", onlyIfLost: true)]), out long[] refused);
        Assert.Equal([5], refused);
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(2, 1, false)]
    [InlineData(0, 1, false)]
    [InlineData(1, 2, false)]
    [InlineData(1, 0, false)]
    public void TryRenew_WhenNumberOrCountDiffer_AsksForIntroduction(long number, int count, bool renewed)
    {
        _members.TryChange(Enter(One), out _);
        Assert.Equal(renewed, _members.TryRenew(new LeaseRenewal(One, number, count)));
    }

    [Fact]
    public void TryRenew_WhenGatewayIsUnknown_AsksForIntroduction() =>
        Assert.False(_members.TryRenew(new LeaseRenewal(One, 0, 0)));

    [Fact]
    public void Touch_WhenNumberDiffers_IsNull()
    {
        _members.TryChange(Enter(One), out _);
        Assert.Null(_members.Touch(One, 2));
        Assert.Null(_members.Touch(Two, 1));
    }

    [Fact]
    public void Has_WhenConnectionEnteredUnderAnotherSub_IsFalse()
    {
        _members.TryChange(Enter(One), out _);
        Assert.False(_members.Touch(One, 1)!.Has(1, "eve"));
    }

    [Fact]
    public void Expire_WhenLeaseRuns_KeepsMembers()
    {
        _members.TryChange(Enter(One), out _);
        _time.Advance(LeaseTimes.Lease - TimeSpan.FromTicks(1));
        _members.Expire();
        Assert.Equal(1, _members.Count);
    }

    [Fact]
    public void Expire_WhenLeaseLapsed_LosesItsMembersAlone()
    {
        _members.TryChange(Enter(One), out _);
        _time.Advance(TimeSpan.FromSeconds(20));
        _members.TryChange(Enter(Two, 1, 1, "bob"), out _);
        _time.Advance(TimeSpan.FromSeconds(5));
        _members.Expire();

        Assert.Equal(1, _members.Count);
        Assert.Equal(Two, Assert.Single(_members.Gateways).Gateway);
        _members.TryChange(Change(Two, 2, [Arrival(2, "ann", onlyIfLost: true)]), out long[] refused);
        Assert.Empty(refused);
    }

    [Fact]
    public void NextLapse_WhenLeasesRun_IsTheFirst()
    {
        Assert.Null(_members.NextLapse());
        _members.TryChange(Enter(One), out _);
        _time.Advance(TimeSpan.FromSeconds(5));
        _members.TryChange(Enter(Two), out _);
        Assert.Equal(TimeSpan.FromSeconds(20), _members.NextLapse());
        Assert.NotNull(_members.Touch(One, 1));
        Assert.Equal(TimeSpan.FromSeconds(25), _members.NextLapse());
    }

    [Fact]
    public void LostSessions_WhenFull_ForgetsTheNewcomer()
    {
        LostSessions lost = new(_time, 2);
        lost.Add("a");
        lost.Add("b");
        lost.Add("c");
        Assert.True(lost.Contains("a"));
        Assert.False(lost.Contains("c"));
    }

    [Fact]
    public void LostSessions_WhenLostAgain_CountsFromTheLaterLoss()
    {
        LostSessions lost = new(_time, 10);
        lost.Add("a");
        _time.Advance(TimeSpan.FromSeconds(100));
        lost.Add("a");
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.True(lost.Contains("a"));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(lost.Contains("a"));
    }
}
