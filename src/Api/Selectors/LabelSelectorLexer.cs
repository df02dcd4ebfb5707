using System.Buffers;

namespace MiniKube.Api.Selectors;

/// <summary>Cuts a label selector into tokens. <c>in</c> and <c>notin</c> are identifiers here: only their place makes them operators.</summary>
internal sealed class LabelSelectorLexer(string text)
{
    private const string Special = "=!(),<>";

    private static readonly SearchValues<char> IdentifierEnds = SearchValues.Create("=!(),<> \t\r\n");

    private int _position;
    private Token? _peeked;

    public Token Peek() => _peeked ??= Read();

    public Token Next()
    {
        var token = Peek();
        _peeked = null;
        return token;
    }

    private Token Read()
    {
        while (_position < text.Length && text[_position] is ' ' or '\t' or '\r' or '\n')
        {
            _position++;
        }

        if (_position == text.Length)
        {
            return new Token(TokenKind.End, "");
        }

        return Special.Contains(text[_position], StringComparison.Ordinal) ? ReadSymbol() : ReadIdentifier();
    }

    private Token ReadSymbol()
    {
        var first = text[_position++];
        if (first is '=' or '!' && _position < text.Length && text[_position] == '=')
        {
            _position++;
            return new Token(TokenKind.Operator, $"{first}=");
        }

        return first switch
        {
            '(' => new Token(TokenKind.Open, "("),
            ')' => new Token(TokenKind.Close, ")"),
            ',' => new Token(TokenKind.Comma, ","),
            '!' => new Token(TokenKind.Not, "!"),
            _ => new Token(TokenKind.Operator, first.ToString()),
        };
    }

    private Token ReadIdentifier()
    {
        var start = _position;
        var length = text.AsSpan(start).IndexOfAny(IdentifierEnds);
        _position = length < 0 ? text.Length : start + length;
        return new Token(TokenKind.Identifier, text[start.._position]);
    }
}
