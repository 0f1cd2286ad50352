using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChitChatz.Benchmarks.Sockets;

/// <summary>
/// Linux's readiness queue, level triggered. .NET's own sockets would cost a thread switch or a second receive call per
/// wake-up; with this one thread reads thousands of connections, each wake-up one call.
/// </summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;

    private const int AddControl = 1;
    private const int ModifyControl = 3;
    private const int MaxEvents = 256;

    // struct epoll_event is packed on x86-64 and only there.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + 8;

    private readonly SafeFileHandle _queue = new((nint)Checked(Create(0)), ownsHandle: true);
    private readonly byte[] _events = new byte[MaxEvents * EventSize];

    public void Add(int descriptor) => Control(AddControl, descriptor, Readable);

    public void Watch(int descriptor, uint events) => Control(ModifyControl, descriptor, events);

    /// <summary>Waits for ready descriptors, at most so long; a number of them, to be read with <see cref="Ready"/>.</summary>
    public int Wait(TimeSpan atMost)
    {
        var timeout = new TimeSpec(atMost.Ticks / TimeSpan.TicksPerSecond, atMost.Ticks % TimeSpan.TicksPerSecond * 100);
        fixed (byte* events = _events)
        {
            var ready = WaitFor(_queue, events, MaxEvents, &timeout, null);
            return ready >= 0 || Marshal.GetLastPInvokeError() == 4 /* EINTR */ ? Math.Max(ready, 0) : Checked(ready);
        }
    }

    public (int Descriptor, uint Events) Ready(int index)
    {
        var entry = _events.AsSpan(index * EventSize, EventSize);
        return (BinaryPrimitives.ReadInt32LittleEndian(entry[DataOffset..]), BinaryPrimitives.ReadUInt32LittleEndian(entry));
    }

    public void Dispose() => _queue.Dispose();

    private void Control(int operation, int descriptor, uint events)
    {
        var entry = stackalloc byte[16];
        var span = new Span<byte>(entry, 16);
        span.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(span, events);
        BinaryPrimitives.WriteInt32LittleEndian(span[DataOffset..], descriptor);
        Checked(ControlEntry(_queue, operation, descriptor, entry));
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int ControlEntry(SafeFileHandle queue, int operation, int descriptor, byte* entry);

    // Not epoll_wait, whose milliseconds are too coarse for a schedule of 500 messages a second.
    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    private static partial int WaitFor(SafeFileHandle queue, byte* events, int maxEvents, TimeSpec* timeout, void* signals);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
