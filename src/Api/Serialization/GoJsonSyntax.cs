namespace MiniKube.Api.Serialization;

/// <summary>
/// Says what is wrong with a text that is not JSON, in the words of Go's scanner, which clients see. Used only after a reader has refused the
/// text; takes time in proportion to its length and no stack.
/// </summary>
internal ref struct GoJsonSyntax(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly Stack<bool> _inObject = new();
    private int _at;

    /// <summary>The message of the first error; null if the text is JSON.</summary>
    public static string? Describe(ReadOnlySpan<byte> text) => new GoJsonSyntax(text).Scan();

    private string? Scan()
    {
        string? error = null;
        var expectsValue = true;
        while (error is null)
        {
            SkipSpace();
            if (!expectsValue && _inObject.Count == 0)
            {
                return _at == _text.Length ? null : Invalid("after top-level value");
            }

            if (_at == _text.Length)
            {
                return End;
            }

            error = expectsValue ? Value(out expectsValue) : AfterValue(out expectsValue);
        }

        return error;
    }

    private const string End = "unexpected end of JSON input";

    private readonly string Invalid(string context) =>
        _at >= _text.Length ? End : $"invalid character {Quote((char)_text[_at])} {context}";

    private static string Quote(char character) => character switch
    {
        '\'' => @"'\''",
        '\\' => @"'\\'",
        '\n' => @"'\n'",
        '\r' => @"'\r'",
        '\t' => @"'\t'",
        '\b' => @"'\b'",
        '\f' => @"'\f'",
        '\v' => @"'\v'",
        '\a' => @"'\a'",
        < ' ' or '\x7f' => $"'\\x{(int)character:x2}'",
        >= '\x80' and < '\xa1' or '\xad' => $"'\\u{(int)character:x4}'",
        _ => $"'{character}'",
    };

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _at++;
        }
    }

    private string? Value(out bool expectsValue)
    {
        expectsValue = false;
        switch (_text[_at])
        {
            case (byte)'{':
                _at++;
                SkipSpace();
                _inObject.Push(true);
                if (_at < _text.Length && _text[_at] == '}')
                {
                    return Close();
                }

                expectsValue = true;
                return Key();
            case (byte)'[':
                _at++;
                SkipSpace();
                _inObject.Push(false);
                if (_at < _text.Length && _text[_at] == ']')
                {
                    return Close();
                }

                expectsValue = true;
                return null;
            case (byte)'"':
                return String();
            case (byte)'t':
                return Literal("true");
            case (byte)'f':
                return Literal("false");
            case (byte)'n':
                return Literal("null");
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return Number();
            default:
                return Invalid("looking for beginning of value");
        }
    }

    private string? AfterValue(out bool expectsValue)
    {
        expectsValue = false;
        var inObject = _inObject.Peek();
        if (_text[_at] == (inObject ? '}' : ']'))
        {
            return Close();
        }

        if (_text[_at] != ',')
        {
            return Invalid(inObject ? "after object key:value pair" : "after array element");
        }

        _at++;
        expectsValue = true;
        if (!inObject)
        {
            return null;
        }

        SkipSpace();
        return Key();
    }

    private string? Close()
    {
        _at++;
        _inObject.Pop();
        return null;
    }

    private string? Key()
    {
        if (_at >= _text.Length || _text[_at] != '"')
        {
            return Invalid("looking for beginning of object key string");
        }

        if (String() is { } error)
        {
            return error;
        }

        SkipSpace();
        if (_at >= _text.Length || _text[_at] != ':')
        {
            return Invalid("after object key");
        }

        _at++;
        return null;
    }

    private string? String()
    {
        for (_at++; _at < _text.Length; _at++)
        {
            switch (_text[_at])
            {
                case (byte)'"':
                    _at++;
                    return null;
                case (byte)'\\':
                    if (Escape() is { } error)
                    {
                        return error;
                    }

                    break;
                case < 0x20:
                    return Invalid("in string literal");
            }
        }

        return End;
    }

    private string? Escape()
    {
        _at++;
        if (_at >= _text.Length || !"\"\\/bfnrtu".Contains((char)_text[_at], StringComparison.Ordinal))
        {
            return Invalid("in string escape code");
        }

        for (var left = _text[_at] == 'u' ? 4 : 0; left > 0; left--)
        {
            _at++;
            if (_at >= _text.Length || !char.IsAsciiHexDigit((char)_text[_at]))
            {
                return Invalid(@"in \u hexadecimal character escape");
            }
        }

        return null;
    }

    private string? Literal(string word)
    {
        for (var i = 0; i < word.Length; i++, _at++)
        {
            if (_at >= _text.Length || _text[_at] != word[i])
            {
                return Invalid($"in literal {word} (expecting '{word[i]}')");
            }
        }

        return null;
    }

    private string? Number()
    {
        if (_text[_at] == '-' && (++_at >= _text.Length || !IsDigit()))
        {
            return Invalid("in numeric literal");
        }

        if (_text[_at] == '0')
        {
            _at++;
        }
        else
        {
            SkipDigits();
        }

        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            if (!SkipDigits())
            {
                return Invalid("after decimal point in numeric literal");
            }
        }

        if (_at < _text.Length && _text[_at] is (byte)'e' or (byte)'E')
        {
            _at++;
            if (_at < _text.Length && _text[_at] is (byte)'+' or (byte)'-')
            {
                _at++;
            }

            if (!SkipDigits())
            {
                return Invalid("in exponent of numeric literal");
            }
        }

        return null;
    }

    private readonly bool IsDigit() => _at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'9';

    private bool SkipDigits()
    {
        var start = _at;
        while (IsDigit())
        {
            _at++;
        }

        return _at > start;
    }
}
