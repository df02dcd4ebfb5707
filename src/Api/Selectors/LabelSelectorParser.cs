using System.Globalization;

namespace MiniKube.Api.Selectors;

/// <summary>Reads the grammar of upstream's labels.Parse, with its texts: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k,l&gt;1</c>.</summary>
internal sealed class LabelSelectorParser(string text)
{
    private const string BinaryOperators = "in, notin, =, ==, !=, gt, lt";

    private readonly LabelSelectorLexer _lexer = new(text);

    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public List<LabelRequirement> Parse()
    {
        var requirements = new List<LabelRequirement>();
        if (_lexer.Peek().Kind == TokenKind.End)
        {
            return requirements;
        }

        while (true)
        {
            if (!StartsRequirement(_lexer.Peek()))
            {
                throw new FormatException($"found '{_lexer.Peek().Text}', expected: !, identifier, or 'end of string'");
            }

            requirements.Add(ParseRequirement());
            var separator = _lexer.Next();
            if (separator.Kind == TokenKind.End)
            {
                return requirements;
            }

            if (separator.Kind != TokenKind.Comma)
            {
                throw new FormatException($"found '{separator.Text}', expected: ',' or 'end of string'");
            }

            if (!StartsRequirement(_lexer.Peek()))
            {
                throw new FormatException($"found '{_lexer.Peek().Text}', expected: identifier after ','");
            }
        }
    }

    private static bool StartsRequirement(Token token) => token.Kind is TokenKind.Identifier or TokenKind.Not;

    private LabelRequirement ParseRequirement()
    {
        try
        {
            return ParseRequirementInside();
        }
        catch (FormatException exception)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"unable to parse requirement: {exception.Message}"), exception);
        }
    }

    private LabelRequirement ParseRequirementInside()
    {
        var negated = _lexer.Peek().Kind == TokenKind.Not;
        var key = negated ? NextAfterNot() : _lexer.Next();
        if (key.Kind != TokenKind.Identifier)
        {
            throw new FormatException($"found '{key.Text}', expected: identifier");
        }

        if (LabelRequirement.FindKeyFault(key.Text) is { } fault)
        {
            throw new FormatException(fault.ToString());
        }

        if (negated || _lexer.Peek().Kind is TokenKind.End or TokenKind.Comma)
        {
            return new LabelRequirement(key.Text, negated ? SelectorOperator.DoesNotExist : SelectorOperator.Exists);
        }

        var @operator = ParseOperator();
        var values = @operator is SelectorOperator.In or SelectorOperator.NotIn ? ParseValues() : [ParseExactValue()];
        return new LabelRequirement(key.Text, @operator, values);
    }

    private Token NextAfterNot()
    {
        _lexer.Next();
        return _lexer.Next();
    }

    private SelectorOperator ParseOperator()
    {
        var token = _lexer.Next();
        return token.Text switch
        {
            "=" => SelectorOperator.Equals,
            "==" => SelectorOperator.DoubleEquals,
            "!=" => SelectorOperator.NotEquals,
            "in" => SelectorOperator.In,
            "notin" => SelectorOperator.NotIn,
            ">" => SelectorOperator.GreaterThan,
            "<" => SelectorOperator.LessThan,
            _ => throw new FormatException($"found '{token.Text}', expected: {BinaryOperators}"),
        };
    }

    private string ParseExactValue()
    {
        if (_lexer.Peek().Kind is TokenKind.End or TokenKind.Comma)
        {
            return "";
        }

        var token = _lexer.Next();
        return token.Kind == TokenKind.Identifier
            ? token.Text
            : throw new FormatException($"found '{token.Text}', expected: identifier");
    }

    private List<string> ParseValues()
    {
        var open = _lexer.Next();
        if (open.Kind != TokenKind.Open)
        {
            throw new FormatException($"found '{open.Text}' expected: '('");
        }

        // An element may be empty: (a,) and () hold the empty value.
        var values = new List<string>();
        while (true)
        {
            values.Add(_lexer.Peek().Kind == TokenKind.Identifier ? _lexer.Next().Text : "");
            var separator = _lexer.Next();
            if (separator.Kind == TokenKind.Close)
            {
                return values;
            }

            if (separator.Kind != TokenKind.Comma)
            {
                throw new FormatException(values.Count == 1 && values[0].Length == 0
                    ? $"found '{separator.Text}', expected: ',', ')' or identifier"
                    : $"found '{separator.Text}', expected: ',' or ')'");
            }
        }
    }
}
