using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Security;
using System.Text;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>
/// Writes frames (RFC 9113) as no client would, and counts what comes back. Headers are literals or references to HPACK's static table (RFC 7541), so that the
/// server's decoder is the only one that can be hurt.
/// </summary>
internal sealed class Http2Connection : IAsyncDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte Ack = 1;
    public const byte EndHeaders = 4;

    private const int HeadSize = 9;
    private const int LargestWindow = 0x7FFF0000;

    private static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];

    private readonly SslStream _stream;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly MemoryStream _waiting = new();
    private readonly bool _answersPings;
    private TaskCompletionSource _frame = NewSignal();

    private Http2Connection(SslStream stream, bool answersPings)
    {
        _stream = stream;
        _answersPings = answersPings;
        Closed = ReadAsync();
    }

    /// <summary>Completes when the server has closed the connection.</summary>
    public Task Closed { get; }

    /// <summary>The error with which the server said goodbye; null when it did not.</summary>
    public int? GoodbyeCode { get; private set; }

    /// <summary>How many streams were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>The highest stream that was answered or reset; 0 is none.</summary>
    public int LatestStream { get; private set; }

    /// <summary>How many streams the server has reset, by error.</summary>
    public ConcurrentDictionary<int, int> Resets { get; } = new();

    /// <summary>How many streams the server has ended, in good order or not.</summary>
    public int Ended { get; private set; }

    public int Pings { get; private set; }

    /// <summary>The text of all bodies, one after the other.</summary>
    public int CountOf(string text)
    {
        lock (_bodies)
        {
            return _bodies.ToString().Split(text).Length - 1;
        }
    }

    private readonly StringBuilder _bodies = new();

    public static async Task<Http2Connection> OpenAsync(AttackedServer server, bool answersPings = true) =>
        await OpenAsync(await server.ConnectAsync(SslApplicationProtocol.Http2), answersPings);

    /// <summary>On a connection that both sides have agreed to speak HTTP/2 on.</summary>
    public static async Task<Http2Connection> OpenAsync(SslStream stream, bool answersPings = true)
    {
        var connection = new Http2Connection(stream, answersPings);
        connection._waiting.Write(Preface);
        connection.Add(Settings, 0, 0, []);
        var window = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(window, LargestWindow);
        connection.Add(WindowUpdate, 0, 0, window);
        await connection.SendAsync();
        return connection;
    }

    /// <summary>The headers of a GET.</summary>
    public static byte[] Get(string path)
    {
        var block = new List<byte> { 0x82, 0x87, 0x04 };
        AddText(block, path);
        block.Add(0x01);
        AddText(block, "localhost");
        return [.. block];
    }

    /// <summary>A header that goes into the dynamic table (and is then referred to as 62), or one that does not.</summary>
    public static byte[] Literal(string name, string value, bool isIndexed)
    {
        var block = new List<byte> { isIndexed ? (byte)0x40 : (byte)0x00 };
        AddText(block, name);
        AddText(block, value);
        return [.. block];
    }

    /// <summary>Adds a frame to those that are sent next.</summary>
    public void Add(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        head[3] = type;
        head[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        _waiting.Write(head);
        _waiting.Write(payload);
    }

    /// <summary>Sends what was added; false when the server does not listen any more.</summary>
    public async Task<bool> SendAsync()
    {
        var bytes = _waiting.ToArray();
        _waiting.SetLength(0);
        return await WriteAsync(bytes);
    }

    /// <summary>Waits until what came back meets the condition, or the connection is closed; looks at each frame that comes.</summary>
    /// <exception cref="TimeoutException">Neither happened.</exception>
    public async Task WaitForAsync(Func<bool> condition, TimeSpan patience)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(patience);
        for (var next = Volatile.Read(ref _frame); !condition() && !Closed.IsCompleted; next = Volatile.Read(ref _frame))
        {
            try
            {
                await Task.WhenAny(next.Task, Closed).WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{Answered} answered, {Ended} ended, goodbye {GoodbyeCode} after {patience}.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await Closed;
        _writing.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void AddText(List<byte> block, string text)
    {
        const int Prefix = 127;
        var length = text.Length;
        block.Add((byte)Math.Min(length, Prefix));
        if (length >= Prefix)
        {
            for (length -= Prefix; length >= 128; length >>= 7)
            {
                block.Add((byte)(length & 127 | 128));
            }

            block.Add((byte)length);
        }

        block.AddRange(Encoding.ASCII.GetBytes(text));
    }

    private async Task<bool> WriteAsync(byte[] bytes)
    {
        await _writing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
            return true;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        var head = new byte[HeadSize];
        try
        {
            while (await _stream.ReadAtLeastAsync(head, HeadSize, throwOnEndOfStream: false, TestContext.Current.CancellationToken) == HeadSize)
            {
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8 & 0xFFFFFF];
                await _stream.ReadExactlyAsync(payload, TestContext.Current.CancellationToken);
                await TakeAsync(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
                Interlocked.Exchange(ref _frame, NewSignal()).SetResult();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Closed all the same.
        }
    }

    private async Task TakeAsync(byte type, byte flags, int stream, byte[] payload)
    {
        if (type is Headers or Reset)
        {
            LatestStream = Math.Max(LatestStream, stream);
        }

        switch (type)
        {
            case Headers:
                Answered++;
                break;
            case Data:
                lock (_bodies)
                {
                    _bodies.Append(Encoding.UTF8.GetString(payload));
                }

                break;
            case Reset:
                Resets.AddOrUpdate(BinaryPrimitives.ReadInt32BigEndian(payload), 1, (_, count) => count + 1);
                Ended++;
                break;
            case GoAway:
                GoodbyeCode = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4));
                break;
            case Settings when (flags & Ack) == 0:
                await WriteAsync([0, 0, 0, Settings, Ack, 0, 0, 0, 0]);
                break;
            case Ping when (flags & Ack) == 0:
                Pings++;
                if (_answersPings)
                {
                    await WriteAsync([0, 0, 8, Ping, Ack, 0, 0, 0, 0, .. payload]);
                }

                break;
        }

        if (type is Headers or Data && (flags & EndStream) != 0)
        {
            Ended++;
        }
    }
}
