using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Tests.Gateway.Rooms;

/// <summary>A room's grain as its gateway sees it: a log, the members it was told, and answers that a test may hold back or break.</summary>
internal sealed class FakeRoomGrain(string key) : IRoomGrain
{
    private readonly Lock _gate = new();
    private readonly List<ChatMessage> _log = [];
    private long _number;

    public long Epoch { get; set; } = 1;

    /// <summary>The connections that the grain believes to be in the room.</summary>
    public HashSet<long> Members { get; } = [];

    public List<PostRequest> Posts { get; } = [];

    public int Introductions { get; private set; }

    public int Reads { get; private set; }

    /// <summary>Runs before each answer of a Post is given, after the append: may throw, or wait.</summary>
    public Func<int, Task> AfterPost { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Runs before a change is applied.</summary>
    public Func<Task> BeforeChange { get; set; } = static () => Task.CompletedTask;

    /// <summary>Runs after a change was applied and before it is answered.</summary>
    public Action AfterChange { get; set; } = static () => { };

    /// <summary>The log cannot be read, so nobody can be introduced.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>Retention has deleted what stands before this seq.</summary>
    public long Oldest { get; set; } = 1;

    /// <summary>Runs before a page that was read is answered.</summary>
    public Func<Task> AfterRead { get; set; } = static () => Task.CompletedTask;

    /// <summary>Forgets the gateway, as a fresh activation does.</summary>
    public bool Knows { get; set; } = true;

    public long Head => _log.Count;

    /// <summary>Stores messages as if another gateway had posted them; the push is up to the test.</summary>
    public ChatMessage[] Append(params string[] texts)
    {
        lock (_gate)
        {
            return [.. texts.Select(text => AppendOne("other", "Other", Guid.NewGuid().ToString("N"), System.Text.Encoding.UTF8.GetBytes(text)))];
        }
    }

    public async Task<MembershipAnswer> ChangeMembers(MembershipChange change)
    {
        await BeforeChange();
        if (!Knows)
        {
            return MembershipAnswer.IntroduceYourself;
        }

        lock (_gate)
        {
            if (change.Number <= _number)
            {
                return Answer([]);
            }

            _number = change.Number;
            Members.UnionWith(change.Arrivals.Where(static arrival => !arrival.OnlyIfLost).Select(static arrival => arrival.Member.Connection));
            Members.ExceptWith(change.Departures.Select(static departure => departure.Connection));
            MembershipAnswer answer = Answer([.. change.Arrivals.Where(static arrival => arrival.OnlyIfLost).Select(static arrival => arrival.Member.Connection)]);
            AfterChange();
            return answer;
        }
    }

    public Task<MembershipAnswer> Introduce(Introduction introduction)
    {
        lock (_gate)
        {
            if (IsUnreadable)
            {
                return Task.FromResult(MembershipAnswer.Unavailable);
            }

            Knows = true;
            _number = introduction.Number;
            Members.Clear();
            Members.UnionWith(introduction.Members.Select(static member => member.Connection));

            // Last: tests wait for this one, without the lock.
            Introductions++;
            return Task.FromResult(Answer([]));
        }
    }

    public Task<MembershipAnswer> Renew(LeaseRenewal renewal)
    {
        lock (_gate)
        {
            return Task.FromResult(Knows && renewal.Count == Members.Count ? Answer([]) : MembershipAnswer.IntroduceYourself);
        }
    }

    public async Task<PostAnswer> Post(PostRequest request)
    {
        PostAnswer answer;
        int number;
        lock (_gate)
        {
            Posts.Add(request);
            number = Posts.Count;
            if (!Knows)
            {
                return new PostAnswer(true, Epoch, Head, []);
            }

            PostResult[] results = [.. request.Drafts.Select(Store)];
            answer = new PostAnswer(false, Epoch, Head, results);
        }

        await AfterPost(number);
        return answer;
    }

    public async Task<MessagePage> ReadAfter(long epoch, long after, int limit)
    {
        MessagePage page;
        lock (_gate)
        {
            Reads++;
            if (IsUnreadable)
            {
                return MessagePage.Unavailable;
            }

            ChatMessage[] messages = epoch == Epoch ? [.. Kept.Where(message => message.Seq > after).Take(limit)] : [];
            page = new MessagePage(true, Epoch, Head, messages, messages.Length > 0 && messages[^1].Seq < Head);
        }

        await AfterRead();
        return page;
    }

    public Task<MessagePage> ReadBefore(long epoch, long before, int limit)
    {
        lock (_gate)
        {
            Reads++;
            ChatMessage[] below = epoch == Epoch ? [.. Kept.Where(message => message.Seq < before)] : [];
            return Task.FromResult(IsUnreadable
                ? MessagePage.Unavailable
                : new MessagePage(true, Epoch, Head, [.. below.TakeLast(limit)], below.Length > limit));
        }
    }

    /// <summary>Who the room says is in it.</summary>
    public RoomPeople People { get; set; } = new(0, true, 0, []);

    public Task<RoomPeople> ReadPeople()
    {
        lock (_gate)
        {
            return Task.FromResult(People);
        }
    }

    public Task ShowTyping(GatewayId gateway, long connection) => Task.CompletedTask;

    /// <summary>Begins a new life of the room, with nothing in it.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            Epoch++;
            _log.Clear();
        }
    }

    private IEnumerable<ChatMessage> Kept => _log.Where(message => message.Seq >= Oldest);

    private PostResult Store(Draft draft)
    {
        if (_log.FirstOrDefault(message => message.Sub == draft.Sub && message.Id == draft.Id) is { } stored)
        {
            return new PostResult(PostStatus.Duplicate, stored.Seq, stored.At);
        }

        if (!Members.Contains(draft.Connection))
        {
            return new PostResult(PostStatus.NotMember, 0, 0);
        }

        ChatMessage message = AppendOne(draft.Sub, draft.Name, draft.Id, draft.Text);
        return new PostResult(PostStatus.Stored, message.Seq, message.At);
    }

    private ChatMessage AppendOne(string sub, string name, string id, byte[] text)
    {
        ChatMessage message = new(_log.Count + 1, sub, name, id, text, 0);
        _log.Add(message);
        return message;
    }

    private MembershipAnswer Answer(long[] refused)
        => new(MembershipStatus.Ok, Epoch, Head, new RoomListing(key, key, Members.Count, 1, 1), refused, People.Version);
}
