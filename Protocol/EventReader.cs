using System.Text;

namespace ChitChatz.Protocol;

/// <summary>Reads a client's frame (PROTOCOL, "Envelope"). Never throws; bad input is a value.</summary>
/// <remarks>
/// What is refused, in this order: <c>bad_json</c> for anything that is not one well-formed object without repeated fields;
/// <c>bad_request</c> for the id; <c>bad_request</c> for the event; <c>bad_request</c> or <c>invalid_token</c> for the
/// token; <c>bad_request</c> or <c>text_too_long</c> for the event's own fields. <c>event</c> and <c>data</c> count only at the top level.
/// </remarks>
public static class EventReader
{
    /// <summary>Reads one frame.</summary>
    /// <param name="utf8">The whole frame's text.</param>
    /// <param name="maxTextLength">The greatest length of a message's text, in UTF-16 units.</param>
    /// <param name="frame">The frame, when null is returned; else only what was read of <see cref="ClientFrame.AsksForVersion2"/> and <see cref="ClientFrame.Id"/>.</param>
    /// <param name="version2">Whether the connection speaks version 2 already. If not, only a frame with <c>"v": 2</c> is read as version 2.</param>
    /// <returns>Null, or what is wrong with it.</returns>
    public static ProtocolError? Read(ReadOnlyMemory<byte> utf8, int maxTextLength, out ClientFrame frame, bool version2 = false)
    {
        frame = default;
        Span<EnvelopeValue> places = stackalloc EnvelopeValue[Envelope.Places];
        places.Clear();
        if (!Envelope.TryRead(utf8.Span, places, out var envelope))
        {
            return ErrorCodes.BadJson.Error;
        }

        var error = RequestReader.Read(envelope, utf8.Span, version2, ref frame)
            ?? ReadEvent(envelope, utf8, maxTextLength, version2 || frame.AsksForVersion2, ref frame);
        if (error is not null)
        {
            // Enough to answer that very request.
            frame = new ClientFrame { AsksForVersion2 = frame.AsksForVersion2, Id = frame.Id };
        }

        return error;
    }

    private static ProtocolError? ReadEvent(in Envelope envelope, ReadOnlyMemory<byte> utf8, int maxTextLength, bool version2, ref ClientFrame frame)
    {
        var span = utf8.Span;
        if (!TryEvent(envelope.Top(EnvelopeField.Event), span, version2, out var name))
        {
            return ErrorCodes.BadRequest.Because("Invalid input: unknown event");
        }

        var error = ReadToken(envelope, utf8, name, out var jwt);
        if (error is not null)
        {
            return error;
        }

        frame = frame with { Event = name, Jwt = jwt };
        return name switch
        {
            ClientEvent.Register => ReadRegister(envelope, span, ref frame),
            ClientEvent.JoinRoom => ReadJoin(envelope, span, ref frame) ?? (version2 ? RequestReader.ReadAfter(envelope, span, ref frame) : null),
            ClientEvent.Message => ReadMessage(envelope, span, maxTextLength, ref frame),
            ClientEvent.LeaveRoom when !version2 => ReadLeave(envelope, ref frame),
            ClientEvent.GetHistory => ReadRoom(envelope, span, ref frame) ?? RequestReader.ReadRange(envelope, span, ref frame),
            ClientEvent.GetMembers or ClientEvent.Typing => ReadRoom(envelope, span, ref frame),
            _ => null, // the others have no fields that we read
        };
    }

    private static bool TryEvent(in EnvelopeValue value, ReadOnlySpan<byte> frame, bool version2, out ClientEvent name)
    {
        name = default;
        return value.IsString && EventNames.TryParse(value.Bytes(frame), version2, out name);
    }

    private static ProtocolError? ReadToken(in Envelope envelope, ReadOnlyMemory<byte> utf8, ClientEvent name, out ReadOnlyMemory<byte> jwt)
    {
        jwt = default;
        var error = Select("jwt", [envelope.Top(EnvelopeField.Jwt), envelope.Inner(EnvelopeField.Jwt)], utf8.Span, out var value);
        if (error is not null || !value.IsString)
        {
            return error;
        }

        jwt = value.Bytes(utf8);
        if (jwt.Length <= WireLimits.MaxTokenBytes)
        {
            return null;
        }

        // It cannot verify; and on register a token that does not verify is ignored.
        jwt = default;
        return name == ClientEvent.Register ? null : ErrorCodes.InvalidToken.Because("The token is too long");
    }

    private static ProtocolError? ReadRegister(in Envelope envelope, ReadOnlySpan<byte> utf8, ref ClientFrame frame)
    {
        var error = Select(
            "name",
            [
                envelope.Top(EnvelopeField.Data),
                envelope.Top(EnvelopeField.Name), envelope.Top(EnvelopeField.Username),
                envelope.Inner(EnvelopeField.Name), envelope.Inner(EnvelopeField.Username),
            ],
            utf8,
            out var name);
        if (error is not null || !name.IsString)
        {
            return error ?? Missing("name");
        }

        frame = frame with { Name = name.Text(utf8) };
        return null;
    }

    private static ProtocolError? ReadJoin(in Envelope envelope, ReadOnlySpan<byte> utf8, ref ClientFrame frame)
    {
        ReadOnlySpan<EnvelopeValue> top =
        [
            envelope.Top(EnvelopeField.Data),
            envelope.Top(EnvelopeField.Room), envelope.Top(EnvelopeField.RoomName), envelope.Top(EnvelopeField.RoomId),
        ];
        ReadOnlySpan<EnvelopeValue> inner =
        [
            envelope.Inner(EnvelopeField.Room), envelope.Inner(EnvelopeField.RoomName), envelope.Inner(EnvelopeField.RoomId),
            envelope.Inner(EnvelopeField.Name),
        ];
        var error = Select("room", [.. top, .. inner], utf8, out var room);
        if (error is not null || !room.IsString)
        {
            return error ?? Missing("room");
        }

        frame = frame with { Room = room.Text(utf8), InsideData = !AnyString(top) };
        return null;
    }

    /// <summary>The room that the client believes to be in, where it says so.</summary>
    private static ProtocolError? ReadRoom(in Envelope envelope, ReadOnlySpan<byte> utf8, ref ClientFrame frame)
    {
        var error = Select(
            "room",
            [
                envelope.Top(EnvelopeField.Room), envelope.Top(EnvelopeField.RoomName), envelope.Top(EnvelopeField.RoomId),
                envelope.Inner(EnvelopeField.Room), envelope.Inner(EnvelopeField.RoomName), envelope.Inner(EnvelopeField.RoomId),
            ],
            utf8,
            out var room);
        frame = frame with { Room = room.IsString ? room.Text(utf8) : null };
        return error;
    }

    private static ProtocolError? ReadMessage(in Envelope envelope, ReadOnlySpan<byte> utf8, int maxTextLength, ref ClientFrame frame)
    {
        var error = ReadRoom(envelope, utf8, ref frame);
        EnvelopeValue text = default;
        error ??= Select(
            "text",
            [
                envelope.Top(EnvelopeField.Data),
                envelope.Top(EnvelopeField.Content), envelope.Top(EnvelopeField.Text), envelope.Top(EnvelopeField.Message),
                envelope.Inner(EnvelopeField.Content), envelope.Inner(EnvelopeField.Text), envelope.Inner(EnvelopeField.Message),
            ],
            utf8,
            out text);
        if (error is not null || !text.IsString || text.Length == 0)
        {
            return error ?? Missing("text");
        }

        var bytes = text.Bytes(utf8);
        if (Encoding.UTF8.GetCharCount(bytes) > maxTextLength)
        {
            return ErrorCodes.TextTooLong.Error;
        }

        frame = frame with { Text = bytes.ToArray() };
        return null;
    }

    private static ProtocolError? ReadLeave(in Envelope envelope, ref ClientFrame frame)
    {
        // An empty data says nothing about how the request was spelled: existing clients may send one.
        frame = frame with
        {
            InsideData = AnyString(
            [
                envelope.Inner(EnvelopeField.Jwt), envelope.Inner(EnvelopeField.Name),
                envelope.Inner(EnvelopeField.Room), envelope.Inner(EnvelopeField.RoomName), envelope.Inner(EnvelopeField.RoomId),
            ]),
        };
        return null;
    }

    /// <summary>The one value of a field that may be spelled in several places; absent when none is there.</summary>
    private static ProtocolError? Select(string field, ReadOnlySpan<EnvelopeValue> places, ReadOnlySpan<byte> utf8, out EnvelopeValue selected)
    {
        selected = default;
        foreach (ref readonly var place in places)
        {
            if (place.Kind is EnvelopeValueKind.Number or EnvelopeValueKind.Nested or EnvelopeValueKind.Other)
            {
                return ErrorCodes.BadRequest.Because($"Invalid input: {field} must be a string");
            }

            if (!place.IsString)
            {
                continue;
            }

            if (selected.IsString && !selected.SameAs(place, utf8))
            {
                return ErrorCodes.BadRequest.Because($"Invalid input: {field} is given twice");
            }

            selected = place;
        }

        return null;
    }

    private static bool AnyString(ReadOnlySpan<EnvelopeValue> places)
    {
        foreach (ref readonly var place in places)
        {
            if (place.IsString)
            {
                return true;
            }
        }

        return false;
    }

    private static ProtocolError Missing(string field) => ErrorCodes.BadRequest.Because($"Invalid input: {field} is missing");
}
