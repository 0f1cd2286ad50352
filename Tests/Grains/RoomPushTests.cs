using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Rooms;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

public sealed class RoomPushTests
{
    [Fact]
    public void Cut_WhenBatchIsSmall_IsOneItemWithTheBatchItself()
    {
        ChatMessage[] batch = [Message(1, "a"), Message(2, "b")];
        MessagesPushed item = Assert.Single(RoomPush.Cut("r", 7, batch, 100));
        Assert.Same(batch, item.Messages);
        Assert.Equal(("r", 7L), (item.Room, item.Epoch));
    }

    [Fact]
    public void Cut_WhenBatchIsLarge_KeepsOrderAndBounds()
    {
        ChatMessage[] batch = [Message(1, "a", "1234"), Message(2, "b", "1234567890123"), Message(3, "c", "12"), Message(4, "d", "12"), Message(5, "e", "1234567")];
        MessagesPushed[] items = RoomPush.Cut("r", 7, batch, 10);
        Assert.Equal([[1L], [2L], [3L, 4L], [5L]], items.Select(item => item.Messages.Select(message => message.Seq).ToArray()));
    }
}
