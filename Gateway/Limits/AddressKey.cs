using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ChitChatz.Gateway.Limits;

/// <summary>What counts as one address: an IPv4 address, or the /64 of an IPv6 one, which is what one household or one rented server gets.</summary>
public readonly record struct AddressKey
{
    private AddressKey(ulong prefix, bool isV6) => (Prefix, IsV6) = (prefix, isV6);

    private ulong Prefix { get; }

    private bool IsV6 { get; }

    /// <summary>The key of an address. IPv4 in its IPv6 form, as sockets for both report it, is IPv4.</summary>
    public static AddressKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
        {
            address.TryWriteBytes(bytes, out _);
            return new AddressKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), isV6: true);
        }

        address.MapToIPv4().TryWriteBytes(bytes, out _);
        return new AddressKey(BinaryPrimitives.ReadUInt32BigEndian(bytes), isV6: false);
    }
}
