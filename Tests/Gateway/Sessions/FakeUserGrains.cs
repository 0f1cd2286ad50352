using System.Reflection;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Tests.Gateway.Sessions;

/// <summary>A factory whose every name is one fake grain, which answers as the test says.</summary>
internal sealed class FakeUserGrains : IUserGrain
{
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _awaited = int.MaxValue;

    public FakeUserGrains()
    {
        Factory = DispatchProxy.Create<IGrainFactory, FactoryProxy>();
        ((FactoryProxy)Factory).Grain = this;
    }

    public IGrainFactory Factory { get; }

    public Func<Task<ClaimStatus>> OnClaim { get; set; } = static () => Task.FromResult(ClaimStatus.Granted);

    public Func<int, Task> OnRelease { get; set; } = static _ => Task.CompletedTask;

    public int Releases { get; private set; }

    /// <summary>Ends when a number of releases has come.</summary>
    public Task WhenReleased(int count)
    {
        _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited = count;
        return _released.Task;
    }

    public Task<ClaimStatus> Claim(NameClaim claim) => OnClaim();

    public Task Release(GatewayId gateway, long connection)
    {
        Releases++;
        if (Releases >= _awaited)
        {
            _released.TrySetResult();
        }

        return OnRelease(Releases);
    }

#pragma warning disable CA1852 // DispatchProxy derives from it at run time.
    internal class FactoryProxy : DispatchProxy
#pragma warning restore CA1852
    {
        public IUserGrain? Grain { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grain;
    }
}
