package gate

import (
	"errors"
	"fmt"
	"time"
)

const day = 24 * 60

// window is a Window in minutes.
type window struct {
	days     [7]bool
	from, to int // to is beyond a day when the window ends on the next one
	zone     *time.Location
}

func newWindow(w Window) (out window, err error) {
	if len(w.Days) == 0 {
		return out, errors.New("a window needs a day")
	}
	for _, d := range w.Days {
		if d < 0 || d > 6 {
			return out, fmt.Errorf("%d is not a day of the week", d)
		}
		out.days[d] = true
	}
	if out.from, err = minutes(w.From); err != nil {
		return out, err
	}
	if out.to, err = minutes(w.To); err != nil {
		return out, err
	}
	if out.from == day || out.from == out.to {
		return out, fmt.Errorf("%s to %s is no time", w.From, w.To)
	}
	if out.to < out.from {
		out.to += day
	}
	if w.Zone == "" || w.Zone == "Local" {
		return out, errors.New("a window needs a zone")
	}
	if out.zone, err = time.LoadLocation(w.Zone); err != nil {
		return out, fmt.Errorf("%q is not a zone", w.Zone)
	}
	return out, nil
}

// minutes reads HH:MM, up to 24:00.
func minutes(s string) (int, error) {
	bad := fmt.Errorf("%q is not a time as 08:00", s)
	if len(s) != 5 || s[2] != ':' {
		return 0, bad
	}
	for _, i := range [...]int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, bad
		}
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if m > 59 || h*60+m > day {
		return 0, bad
	}
	return h*60 + m, nil
}

// open tells whether the wall clock of its zone is within the window.
func (w *window) open(now time.Time) bool {
	local := now.In(w.zone)
	minute, today := local.Hour()*60+local.Minute(), int(local.Weekday())
	if w.days[today] && minute >= w.from && minute < w.to {
		return true
	}
	return w.days[(today+6)%7] && minute+day < w.to // it began yesterday
}
