using System.Buffers;
using System.Reflection;
using System.Text.Json.Nodes;
using ChitChatz.Protocol;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>Every frame that the writer can write, as far as its shape goes: each of its methods, with and without whatever may be absent.</summary>
internal static class WrittenFrames
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The one method that reflection cannot call, for its span.</summary>
    private delegate void TextWriter(IBufferWriter<byte> output, string from, ReadOnlySpan<byte> text, string? jwt);

    public static IReadOnlyList<JsonObject> All { get; } =
        [.. typeof(FrameWriter).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .SelectMany(static method => Choices(method.GetParameters()).Select(arguments => Write(method, arguments)))];

    private static JsonObject Write(MethodInfo method, object?[] arguments)
    {
        ArrayBufferWriter<byte> output = new();
        arguments[0] = output;
        if (method.GetParameters().Any(static parameter => parameter.ParameterType.IsByRefLike))
            method.CreateDelegate<TextWriter>()(output, (string)arguments[1]!, "hello"u8, (string?)arguments[3]);
        else
            method.Invoke(null, arguments);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    private static IEnumerable<object?[]> Choices(ParameterInfo[] parameters) =>
        parameters.Aggregate(
            (IEnumerable<object?[]>)[[]],
            static (chosen, parameter) => chosen.SelectMany(before => Values(parameter).Select(value => (object?[])[.. before, value])));

    private static object?[] Values(ParameterInfo parameter)
    {
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        object?[] values = type switch
        {
            _ when type == typeof(IBufferWriter<byte>) || type.IsByRefLike => [null],
            _ when type == typeof(string) => [parameter.Name == "jwt" ? "eyJhbGciOi..." : "lobby"],
            _ when type == typeof(long) => [5L],
            _ when type == typeof(int) => [5],
            _ when type == typeof(bool) => [false, true],
            _ when type == typeof(TimeSpan) || type == typeof(TimeSpan?) => [TimeSpan.FromSeconds(1.5)],
            _ when type == typeof(ProtocolError) => [.. ErrorCodes.All.Select(static code => code.Error)],
            _ when type == typeof(MessageFrame) => [Message("m1"), Message(null)],
            _ when type == typeof(IEnumerable<MessageFrame>) => [new[] { Message("m1"), Message(null) }],
            _ when type == typeof(IEnumerable<string>) => [new[] { "ann" }],
            _ => throw new NotSupportedException($"No values are known for {parameter.Name}, a {type}."),
        };
        return type != typeof(IBufferWriter<byte>) && !type.IsByRefLike && Nullability.Create(parameter).ReadState == NullabilityState.Nullable ? [null, .. values] : values;
    }

    private static MessageFrame Message(string? id) => new("lobby", 3, 5, 1_795_536_635_264, "ann", "P571UGgtAD_hJkZCESRywA", id, "hello"u8.ToArray());
}
